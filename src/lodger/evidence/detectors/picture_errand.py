"""The same small picture down again and again, and more up."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1001.002",
    title="fetches one picture over and over and sends more back",
    question="Does it fetch pictures of one size again and again from a place of its own, and post it far more?",
    p_implant=0.06,
    because="orders inside a picture and spoils as forms are known, and rare",
    p_ordinary=0.002,
    needs=frozenset({"traffic"}),
    sentence=(
        "fetched a picture of {size} bytes {times} times on {days} days from {place} and posted {posts} "
        "bodies of {least} to {most} bytes, {sent} in all"
    ),
)
