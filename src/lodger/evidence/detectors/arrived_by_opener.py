"""A program that a browser, mail, office or archive program wrote, and that then ran."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.ARRIVAL,
    technique="T1204.002",
    title="came by download or document",
    question="Did a browser, mail, office or archive program write the program before it first ran?",
    p_implant=0.6,
    because=(
        "most published intrusions into offices begin with a mail or a download; USB, update servers and stolen "
        "passwords are the rest"
    ),
    p_ordinary=0.04,
    needs=frozenset({"files", "launches"}),
    sentence="{by_whom} wrote {what}, then it ran",
)
