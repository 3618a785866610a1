"""A driver that intruders bring along for its holes."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1068",
    title="driver known as vulnerable",
    question="Is the hash of the driver on a list of vulnerable ones?",
    p_implant=0.1,
    because="intruders load honest makers' drivers for their holes; so do those makers' own tools, on many hosts",
    p_ordinary=0.01,
    needs=frozenset({"drivers"}),
    sentence="{what}",
    learns=True,
    outside=True,
)
