"""A certificate from an issuer that is no longer trusted."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1553.004",
    title="issuer distrusted",
    question="Does its signer's certificate come from an issuer or root that was distrusted?",
    p_implant=0.1,
    because="authorities are dropped because they gave certificates to anybody; few implants need one",
    p_ordinary=0.005,
    needs=frozenset({"modules"}),
    sentence="{what}",
    learns=True,
    outside=True,
)
