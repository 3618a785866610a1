"""Discovery commands among the program's children."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.RESIDENCE,
    technique="T1082",
    title="looks around through system tools",
    question="Did it start two or more different discovery tools?",
    p_implant=0.55,
    because="whoever settles looks around first; some do it with calls of their own that no sensor shows",
    p_ordinary=0.01,
    needs=frozenset({"launches"}),
    sentence="ran {tools}",
)
