"""An archive that extracts itself."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1027.015",
    title="an archive that extracts itself",
    question=(
        "Was it built as an archive that unpacks and starts what it holds (7-Zip, IExpress, WinRAR), or is its "
        "file one?"
    ),
    p_implant=0.06,
    because="made with what everybody has, and opened like a document; those that stay are what it holds",
    p_ordinary=0.015,
    needs=frozenset({"launches"}),
    sentence="{what}",
)
