"""A program that a mail program, an office program or a reader of documents wrote, and that then ran."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.ARRIVAL,
    technique="T1204.002",
    title="came out of a document or a mail",
    question="Did a mail, office or PDF program write the program, and did it run within a day?",
    p_implant=0.3,
    because=(
        "documents with macros or exploits open a third of published intrusions into offices; downloads, sticks, "
        "update servers and stolen passwords open the others"
    ),
    p_ordinary=0.003,
    needs=frozenset({"files", "launches"}),
    sentence="{by_whom} wrote {file}, and it ran within a day",
)
