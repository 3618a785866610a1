"""More bytes out than in, over the whole stay."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1041",
    title="sends more than it fetches",
    question="Does it send a place that few hosts go to at least a megabyte, and twice what it fetches there?",
    p_implant=0.45,
    because="what was collected leaves; implants that only wait, or send little, do not show it",
    p_ordinary=0.04,
    needs=frozenset({"traffic"}),
    sentence="sent {sent} bytes to {place}, fetched {fetched}",
)
