"""Media type against method and name."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1001.002",
    title="content and name disagree",
    question="Does it post pictures to where none come from, or fetch programs, or what is no picture, named as one?",
    p_implant=0.3,
    because="data behind pictures and programs named as pages are a third of published disguises over HTTP",
    p_ordinary=0.01,
    needs=frozenset({"connections"}),
    sentence="{what}",
)
