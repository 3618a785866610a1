"""Regular questions for a name that no connection follows."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1071.004",
    title="asks for a name at regular times",
    question="Does it ask for a name (or names of a domain) at regular times, as few do, with no connection seen?",
    p_implant=0.1,
    because="tunnels through name servers, and controllers of whom only lookups are seen; most are seen to connect",
    p_ordinary=0.02,
    needs=frozenset({"lookups"}),
    sentence="{place} every {every}, on {days} of {span_days} day(s), {calls} times, and no connection to it is seen",
)
