"""A destination that is new to the fleet, of a program that is not."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1583.001",
    title="goes back to where nobody had gone before",
    question="Does it, known for a week, begin to talk to a place of its own that nobody had gone to, on three days?",
    p_implant=0.2,
    because="who lives inside a known program, or came with its update, makes it go elsewhere; most come as a new one",
    p_ordinary=0.05,
    needs=frozenset({"connections"}),
    sentence=(
        "talks on {days} days to {places}, where no host had gone on {days_before} days watched before "
        "{since}; {hosts} of {fleet_hosts} do"
    ),
)
