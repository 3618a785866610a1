"""A file that is on a list of malicious ones."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1588.001",
    title="file known as malicious",
    question="Is the hash of its file on a list of malicious drivers or files?",
    p_implant=0.2,
    because="what is on lists is used again; targeted implants are not on any when they are",
    p_ordinary=0.0005,
    needs=frozenset({"modules"}),
    sentence="{what}",
    learns=True,
    outside=True,
)
