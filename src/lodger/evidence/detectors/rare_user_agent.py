"""A user agent that nobody else in the fleet gives."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1071.001",
    title="calls itself what nobody else does",
    question="Does it give, on two days or more, a user agent that no other program and few hosts give?",
    p_implant=0.2,
    because="over plain HTTP many give a name of their own or an old browser's, but few still speak it",
    p_ordinary=0.05,
    needs=frozenset({"traffic"}),
    sentence=(
        "calls itself {marks} to {places}, as {hosts} of {fleet_hosts} hosts do, since {since} "
        "({days_before} days watched before)"
    ),
)
