"""Reads the memory of the credential process, or touches credential stores."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.RESIDENCE,
    technique="T1003",
    title="touches credential stores",
    question="Did it read the memory of lsass, or write or open a credential store?",
    p_implant=0.5,
    because="an intruder who stays needs passwords; some bring them along or take them elsewhere",
    p_ordinary=0.015,
    needs=frozenset({"accesses"}),
    sentence="{what}",
)
