"""A destination of this program alone, on few hosts."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1071.001",
    title="talks to where hardly anyone else goes",
    question="Does it talk to a place that no other program and no more than one host in fifty talks to?",
    p_implant=0.85,
    because="a controller serves few hosts of a fleet; only those hidden in popular clouds look common",
    p_ordinary=0.15,
    needs=frozenset({"connections"}),
    sentence="talks to {places}, as {hosts} of {fleet_hosts} hosts do",
)
