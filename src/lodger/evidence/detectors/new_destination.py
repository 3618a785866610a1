"""A destination that came to the fleet while it was watched, and was gone back to."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1583.001",
    title="goes back to where nobody had gone before",
    question="Does it talk, on three days or more, to a place of its own that a week of watching had not shown?",
    p_implant=0.5,
    because="a controller is new when the stay begins; stays older than the records, or in clouds, do not show it",
    p_ordinary=0.06,
    needs=frozenset({"connections"}),
    sentence=(
        "talks on {days} days to {places}, where no host had gone on {days_before} days watched before "
        "{since}; {hosts} of {fleet_hosts} do"
    ),
)
