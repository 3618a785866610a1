"""A signer whose certificate was revoked, and no proof that the signature is older."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1553.002",
    title="signer revoked",
    question="Was its signer's certificate revoked, and is the signature not proven to be older?",
    p_implant=0.3,
    because="most signed implants' certificates are revoked once they are found, and a third of implants sign",
    p_ordinary=0.001,
    needs=frozenset({"modules"}),
    sentence="{what}",
    learns=True,
    outside=True,
)
