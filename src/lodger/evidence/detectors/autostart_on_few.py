"""A service, driver, task or autostart value that a few hosts of the fleet got at much the same time."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.ARRIVAL,
    technique="T1543.003",
    title="starts by itself on a few hosts",
    question=(
        "Was an entry that starts it made within a fortnight on a few hosts, more than one in fifty and at most one in "
        "ten, and on no other in the week after?"
    ),
    p_implant=0.25,
    because="whoever is after a department goes to several of its hosts; most implants are seen on one or two",
    p_ordinary=0.04,
    needs=frozenset({"registry"}),
    sentence="set up as {kind} {entries}; {hosts} of {fleet_hosts} hosts got it between {since} and {until}",
)
