"""Calls from outside, by few, to a program that listens."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1571",
    title="is called from outside",
    question="Is it called, on three days or more, by one of at most three addresses that are none of the fleet?",
    p_implant=0.12,
    because="a controller that calls in needs an open way in; most have the implant call out",
    p_ordinary=0.01,
    needs=frozenset({"connections"}),
    sentence=(
        "called by {callers} on port {ports}, {calls} times on {days} days since {since}; {all_callers} "
        "address(es) outside call it, it listens so on {hosts} of {fleet_hosts} hosts"
    ),
)
