"""Version information that names another than the signer."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1036.005",
    title="signed by another than it names",
    question="Do company and signer share no word?",
    p_implant=0.12,
    because="implants signed with a stolen key keep the names of what they imitate",
    p_ordinary=0.06,
    needs=frozenset({"modules", "launches"}),
    sentence="says it is of {company}, and is signed by {signer}",
    learns=True,
)
