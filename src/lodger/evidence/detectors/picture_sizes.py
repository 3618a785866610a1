"""Sizes that no series of photographs has."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1001.002",
    title="its pictures have sizes that pictures never have",
    question=(
        "Are the pictures that it sends to or fetches from a place of its own of sizes that no series of "
        "photographs has?"
    ),
    p_implant=0.05,
    because=(
        "what is sealed block by block or padded to one length shows it in its sizes; few pretend to send "
        "pictures at all"
    ),
    p_ordinary=0.001,
    needs=frozenset({"traffic"}),
    sentence="{way} {place} {pictures} pictures of {least} to {most} bytes on {days} days: {oddity}",
)
