"""Executable content under the name of a picture or document."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1036.008",
    title="runs or writes programs named as documents",
    question="Did it write, load or run executable content under the name of a picture, text or document?",
    p_implant=0.1,
    because="what is fetched as a picture is often kept and loaded as one; most take names of programs",
    p_ordinary=0.003,
    needs=frozenset({"launches"}),
    sentence="{what}",
)
