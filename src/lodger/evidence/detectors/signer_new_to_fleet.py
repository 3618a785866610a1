"""A signer whom nobody here had met."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1588.003",
    title="signer new to the fleet",
    question="Does its signer first appear, on one host only, after the fleet had been watched for a week?",
    p_implant=0.3,
    because="a stolen or bought certificate is new to the house that it is used on; so is every new vendor's",
    p_ordinary=0.04,
    needs=frozenset({"modules"}),
    sentence="signed by {signer}, whom nobody in the fleet had met in {days} days; it signs on this host only",
    learns=True,
)
