"""A program of one maker that another maker's resident program brought, which had brought only its own."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.ARRIVAL,
    technique="T1195.002",
    title="brought by another maker's program",
    question=(
        "Was it written by a program that had been on the host for a week, of another maker, and that brings only its "
        "own maker's programs otherwise?"
    ),
    p_implant=0.1,
    because=(
        "updaters and management tools were made to deliver implants in the intrusions by way of suppliers that were "
        "published; those are one way in of many"
    ),
    p_ordinary=0.006,
    needs=frozenset({"files", "launches", "modules"}),
    sentence="{by_whom}, of {writer_signer}, wrote {file}, which is {signed}; {before}",
)
