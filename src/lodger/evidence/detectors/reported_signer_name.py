"""A signer of the name of one that was reported or revoked; the certificate is not told."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1588.003",
    title="signer's name is on a list",
    question="Does its signer, whom the fleet hardly knows, have the name of one that was reported or revoked?",
    p_implant=0.2,
    because="companies on such lists were founded or robbed for the purpose; but the name may be another's",
    p_ordinary=0.01,
    needs=frozenset({"modules"}),
    sentence="{what}",
    learns=True,
    outside=True,
)
