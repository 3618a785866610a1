"""A signature that is older than its signer's revocation."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1553.002",
    title="signer revoked after signing",
    question="Was its signer's certificate revoked after it had signed?",
    p_implant=0.15,
    because="stolen keys are found out months later; but most of what was signed before is the owner's own",
    p_ordinary=0.01,
    needs=frozenset({"modules"}),
    sentence="{what}",
    learns=True,
    outside=True,
)
