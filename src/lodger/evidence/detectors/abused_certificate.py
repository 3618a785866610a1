"""A certificate that was reported stolen, or to have signed malware."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1588.003",
    title="signer's certificate reported abused",
    question="Was the certificate that signed it, or its signer by name, reported stolen or abused?",
    p_implant=0.35,
    because="a certificate that signed one implant signs the next, until it is revoked",
    p_ordinary=0.0005,
    needs=frozenset({"modules"}),
    sentence="{what}",
    learns=True,
    outside=True,
)
