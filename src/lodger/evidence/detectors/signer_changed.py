"""A program whose new version somebody else signed."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1195.002",
    title="signer changed with the version",
    question="Was an earlier version of the same program on that host signed by another?",
    p_implant=0.06,
    because="updates are hijacked, and files replaced by signed ones; companies are also sold and renamed",
    p_ordinary=0.02,
    needs=frozenset({"modules"}),
    sentence="signed by {before} until {until}, another file by {signer} since {since}",
)
