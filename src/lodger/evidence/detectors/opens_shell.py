"""A shell driven through its input, started by a program that is no terminal."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.RESIDENCE,
    technique="T1059",
    title="opens a command shell",
    question="Did it start a command shell that nobody gave a command?",
    p_implant=0.4,
    because="operators work by hand at times; most of a patient life is automatic",
    p_ordinary=0.01,
    needs=frozenset({"launches"}),
    sentence="started {shells} {times} time(s)",
)
