"""A program that another program unpacked or fetched."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.ARRIVAL,
    technique="T1105",
    title="written by another program",
    question="Did a program that is no installer write it shortly before it first ran?",
    p_implant=0.4,
    because="droppers and self-extracting archives unpack what stays; others arrive with an installer or by hand",
    p_ordinary=0.06,
    needs=frozenset({"files", "launches"}),
    sentence="{by_whom} wrote {file}, then it ran",
)
