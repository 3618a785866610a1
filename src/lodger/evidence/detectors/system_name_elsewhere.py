"""A system program's name in another place."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1036.005",
    title="a system program's name in another place",
    question="Does it carry the name of a Windows system program outside the Windows directory?",
    p_implant=0.1,
    because="a name that everybody has seen is a cheap disguise",
    p_ordinary=0.0005,
    needs=frozenset({"launches"}),
    sentence="{name} runs from {path}",
)
