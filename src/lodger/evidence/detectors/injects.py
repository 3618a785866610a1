"""Acts inside a process of another program."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.RESIDENCE,
    technique="T1055",
    title="acts inside another program",
    question=(
        "Did it start a thread in, or take the rights to write into, a process of another program that it did not "
        "start?"
    ),
    p_implant=0.5,
    because="living inside another program is how half of published implants hide; the rest run as themselves",
    p_ordinary=0.03,
    needs=frozenset({"accesses"}),
    sentence="{what}",
)
