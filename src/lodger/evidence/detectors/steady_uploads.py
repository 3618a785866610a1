"""Small uploads of one size, day after day."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1030",
    title="sends a little every day",
    question="Does it send one place much the same on a week of days or more, each time more than it fetches?",
    p_implant=0.25,
    because="who takes a share a day to stay unseen takes the same share; most take all at once, or send little",
    p_ordinary=0.03,
    needs=frozenset({"traffic"}),
    sentence=(
        "sent {place} {least} to {most} bytes on each of {days} days, {sent} in all, against {fetched} "
        "fetched; {hosts} of {fleet_hosts} hosts go there"
    ),
)
