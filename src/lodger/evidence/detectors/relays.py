"""Goes out whenever another machine of the fleet has just called."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1090.001",
    title="goes out after a neighbour calls",
    question="Does it go out, to a place of its own, within minutes of a call by one neighbour, again and again?",
    p_implant=0.08,
    because="implants without a way out speak through one that has it; most have a way out of their own",
    p_ordinary=0.002,
    needs=frozenset({"connections"}),
    sentence=(
        "went out to {place} within ten minutes of a call by {neighbour} (port {port}) {times} times on "
        "{days} days, {all_times} times in all"
    ),
)
