"""A place to which a few hosts of the fleet go, all with one program, which few hosts have."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1071.001",
    title="talks to where only its few hosts go",
    question=(
        "Does it talk to a place to which few hosts go, more than one in fifty and at most one in ten, all of them "
        "with this program, and is the program on few hosts itself?"
    ),
    p_implant=0.3,
    because="whoever has several hosts of a fleet has them call one controller; most implants are seen on one or two",
    p_ordinary=0.05,
    needs=frozenset({"connections"}),
    sentence="talks to {places}, as {hosts} of {fleet_hosts} hosts do, all with this program",
)
