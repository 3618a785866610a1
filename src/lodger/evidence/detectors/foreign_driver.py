"""A driver that Microsoft did not sign, on a system that takes no others."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1553.006",
    title="driver not signed by Microsoft",
    question="Was a driver loaded that Microsoft did not sign, on Windows 10 of version 1607 or later?",
    p_implant=0.3,
    because="stolen keys sign drivers for systems that still take them: old chains, upgrades, Secure Boot switched off",
    p_ordinary=0.05,
    needs=frozenset({"drivers"}),
    sentence="driver signed by {signer}, on Windows build {build}, which takes new drivers from Microsoft alone",
)
