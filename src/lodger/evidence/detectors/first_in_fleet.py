"""A program that no other host has and that came while the fleet was watched."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.ARRIVAL,
    technique="T1588.002",
    title="new to the fleet",
    question="Was the program first seen, on one host only, after the fleet had been watched for a week?",
    p_implant=0.7,
    because="targeted software is new to the house and on a handful of hosts at most",
    p_ordinary=0.08,
    needs=frozenset({"launches"}),
    sentence="never seen before, on {fleet_hosts} hosts watched on {watched_days} days",
)
