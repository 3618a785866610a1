"""The same program speaks otherwise on every other host."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1071.001",
    title="speaks unlike the same program elsewhere",
    question=(
        "Does it show, on two days or more, a TLS fingerprint or user agent that its program shows on no other "
        "host, where all others share another?"
    ),
    p_implant=0.1,
    because=(
        "who lives in a known program brings a way of speaking of his own; most implants have no peers in the fleet"
    ),
    p_ordinary=0.01,
    needs=frozenset({"traffic"}),
    sentence="shows {shown}; the same program on {peers} other hosts shows {common}, and never that",
)
