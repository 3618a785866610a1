"""A double extension, or a character that turns the writing direction."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1036.007",
    title="a program under a document's name",
    question=(
        "Does its name end in a document's or picture's extension and then a program's, or turn the writing direction?"
    ),
    p_implant=0.08,
    because="an old trick that still works on people; few use it, nobody else does",
    p_ordinary=0.0005,
    needs=frozenset({"launches"}),
    sentence="named {name}",
)
