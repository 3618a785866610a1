"""A file that was built after it was signed, or years before."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1070.006",
    title="build and signature do not fit",
    question="Does the file say that it was built after it was signed, or more than five years before?",
    p_implant=0.05,
    because="false dates of building are common in implants; few sensors tell both times",
    p_ordinary=0.01,
    needs=frozenset({"modules"}),
    sentence="built on {compiled} and signed on {signed}",
)
