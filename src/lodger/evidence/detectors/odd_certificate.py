"""A certificate that no public authority would have given, or one made for the occasion."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1587.003",
    title="to a certificate of its own making",
    question="Does a place of its own show a certificate self-signed, days old, or valid longer than any is given?",
    p_implant=0.3,
    because="controllers with TLS often sign for themselves or were set up that week; the others rent a good name",
    p_ordinary=0.04,
    needs=frozenset({"handshakes"}),
    sentence="{what}; {hosts} of {fleet_hosts} hosts go there, since {since}",
)
