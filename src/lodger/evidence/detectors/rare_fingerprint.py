"""A way of saying hello in TLS that nobody else in the fleet has."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1573.002",
    title="speaks TLS like nobody else",
    question="Does it open TLS, on two days or more, in a way (JA4, JA3) that no other program and few hosts have?",
    p_implant=0.4,
    because="many bring a TLS library of their own; those that use the system's, or no TLS, look like others",
    p_ordinary=0.08,
    needs=frozenset({"handshakes"}),
    sentence=(
        "opens TLS as {marks}, which {hosts} of {fleet_hosts} hosts do, since {since} ({days_before} days "
        "watched before)"
    ),
)
