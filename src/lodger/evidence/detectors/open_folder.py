"""A program that runs from a folder into which anybody may write."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.RESIDENCE,
    technique="T1036.005",
    title="lives where anybody may write",
    question="Does the program run from a downloads, temporary or shared folder, or from a share?",
    p_implant=0.5,
    because="without an administrator there is nowhere else to live; with one, a system folder is the better disguise",
    p_ordinary=0.07,
    needs=frozenset({"launches"}),
    sentence="runs from {path} ({place})",
)
