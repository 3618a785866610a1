"""The entry that starts the program is deleted again."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DEPARTURE,
    technique="T1070.009",
    title="its autostart entry is removed",
    question="Was the service, driver or autostart entry that starts it deleted again?",
    p_implant=0.35,
    because="leaving without a trace takes the entry along; many stay or are only removed by others",
    p_ordinary=0.01,
    needs=frozenset({"registry"}),
    sentence="entry {entries} deleted after {after}",
)
