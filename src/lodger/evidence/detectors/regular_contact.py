"""Regular calls to a place that few others call regularly, or by one that calls few others so."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1029",
    title="calls at regular times",
    question="Does it call one place, or one caller call it, at regular times, as on no more than one host in twenty?",
    p_implant=0.75,
    because="waiting between calls is the trade of an implant that stays; slow random waiting hides it",
    p_ordinary=0.05,
    needs=frozenset({"connections"}),
    sentence="{place} every {every}, on {days} of {span_days} day(s), {calls} times",
)
