"""A reported certificate that also signs good software."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1588.003",
    title="certificate that signed malware and much else",
    question="Was the certificate reported that signed it, though it also signs good software?",
    p_implant=0.06,
    because="one in fourteen signers of malicious drivers signs everybody's: that says little of this file",
    p_ordinary=0.04,
    needs=frozenset({"modules"}),
    sentence="{what}",
    learns=True,
    outside=True,
)
