"""Regular calls to a place that few others call regularly."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1029",
    title="calls at regular times",
    question="Does it call one place at regular times over its stay, and do no more than one host in twenty do so?",
    p_implant=0.75,
    because="waiting between calls is the trade of an implant that stays; slow random waiting hides it",
    p_ordinary=0.04,
    needs=frozenset({"connections"}),
    sentence="calls {place} every {every}, on {days} of {span_days} day(s), {calls} times",
)
