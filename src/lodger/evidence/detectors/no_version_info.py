"""An image without version information."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1036",
    title="says nothing of itself",
    question="Is the image without company and original file name?",
    p_implant=0.4,
    because="generated and packed programs carry no version information; careful ones copy somebody else's",
    p_ordinary=0.08,
    needs=frozenset({"launches"}),
    sentence="no company and no original file name in its version information",
)
