"""Deletes its own image, or what it had brought along."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DEPARTURE,
    technique="T1070.004",
    title="removes its own files",
    question="Did its own processes delete its file, or programs that it had written?",
    p_implant=0.5,
    because="cleaning up is part of leaving, for those that leave",
    p_ordinary=0.02,
    needs=frozenset({"deletions"}),
    sentence="deleted {files}",
)
