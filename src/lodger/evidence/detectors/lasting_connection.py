"""A connection that lives for days, to where hardly anyone else goes."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1571",
    title="stays connected for a day and more",
    question="Does one connection of it outside last a day or longer, to a place of its own?",
    p_implant=0.1,
    because="an open line saves calling; it is also what a sensor sees for longest, so most call and hang up",
    p_ordinary=0.02,
    needs=frozenset({"traffic"}),
    sentence=(
        "stays connected to {place} for {hours} hours at a time, {times} time(s); {hosts} of {fleet_hosts} "
        "hosts go there"
    ),
)
