"""Regular calls that end while the host lives on."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DEPARTURE,
    technique="T1029",
    title="falls silent",
    question="Did regular calls stop, long enough against their own rhythm, while their host was as busy as before?",
    p_implant=0.4,
    because="an implant that leaves or is told to sleep stops calling; most are found before",
    p_ordinary=0.01,
    needs=frozenset({"connections"}),
    sentence=(
        "{place} every {every} until then, not for {silent_days} days since; "
        "its host was as busy as ever on {heard_days} of them"
    ),
)
