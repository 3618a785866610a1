"""A service, driver, task or autostart value, new and rare in the fleet."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.ARRIVAL,
    technique="T1543.003",
    title="starts by itself",
    question=(
        "Was a service, driver, task or autostart value set up that starts it, and is the entry in no more than one "
        "host in fifty?"
    ),
    p_implant=0.7,
    because=(
        "a stay of weeks outlives a restart by some entry; a few implants live in memory alone or ride on another "
        "program"
    ),
    p_ordinary=0.05,
    needs=frozenset({"registry"}),
    sentence="set up as {kind} {entries}",
)
