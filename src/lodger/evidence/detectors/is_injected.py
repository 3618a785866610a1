"""A process into which another program put a thread."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.RESIDENCE,
    technique="T1055",
    title="another program acts inside it",
    question="Did another program start a thread in it?",
    p_implant=0.3,
    because="the host of an injected implant shows it; implants that run as themselves do not",
    p_ordinary=0.01,
    needs=frozenset({"accesses"}),
    sentence="{actors} started a thread in it",
)
