"""Uploads while nobody is at the desktop."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1029",
    title="sends while nobody is there",
    question="Does it send a place of its own a megabyte, on three days, mostly hours away from what a person starts?",
    p_implant=0.2,
    because="some send by night, when nobody notices a slow line; others by day, when nobody notices one more",
    p_ordinary=0.03,
    needs=frozenset({"launches", "traffic"}),
    sentence=(
        "sent {place} {away} of {sent} bytes on {days} days when nobody started anything at the desktop for "
        "four hours before or after (somebody did on {seen_days} days)"
    ),
)
