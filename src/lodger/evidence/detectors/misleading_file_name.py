"""A file whose name hides that it runs."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1036.002",
    title="handles files with misleading names",
    question=(
        "Did it write, send or receive a file whose name ends in a document's extension and then a program's, or "
        "turns the writing direction?"
    ),
    p_implant=0.05,
    because=(
        "lures arrive so through mail and web, and some implants keep so what they bring; signed and quiet ones "
        "need none"
    ),
    p_ordinary=0.003,
    needs=frozenset({"files"}),
    sentence="{what}",
)
