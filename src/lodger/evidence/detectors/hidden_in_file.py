"""Data behind, between or inside what a picture or document accounts for."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1027.009",
    title="carries data hidden in files",
    question=(
        "Did it send, receive or write a picture or document that holds bytes which its format does not account for?"
    ),
    p_implant=0.15,
    because=(
        "orders and spoils behind pictures are known of a few patient ones, and only a sensor that carves files "
        "or a capture shows them"
    ),
    p_ordinary=0.005,
    needs=frozenset({"connections"}),
    sentence="{what}",
)
