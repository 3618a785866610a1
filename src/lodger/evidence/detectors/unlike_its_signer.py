"""A program of a large publisher that talks to where nothing else of that publisher goes."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1588.003",
    title="talks to where its publisher's programs do not",
    question=(
        "Is its signer's software on a third of all hosts and the program on few, and does it, on three days or more, "
        "talk to a place of its own in a domain to which no other program of that signer goes?"
    ),
    p_implant=0.1,
    because=(
        "a large publisher's stolen key hides what it signs among a hundred programs, but not where that goes; few "
        "intruders have such a key"
    ),
    p_ordinary=0.015,
    needs=frozenset({"connections", "modules"}),
    sentence=(
        "signed by {signer}, whose programs are on {signer_hosts} of {fleet_hosts} hosts, and talks on {days} days to "
        "{places}, where none of them goes"
    ),
)
