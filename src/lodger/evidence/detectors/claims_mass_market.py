"""A program that says it is a large publisher's, signed by a stranger."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1036.005",
    title="claims a mass-market publisher, and a stranger signed it",
    question="Does it name a publisher whom everybody has, while its signer signs on this host only?",
    p_implant=0.12,
    because="copied version information is the cheapest disguise; few who use it also sign",
    p_ordinary=0.004,
    needs=frozenset({"modules", "launches"}),
    sentence="says it is of {company}, and is signed by {signer}, who signs on this host only ({hosts} hosts)",
    learns=True,
)
