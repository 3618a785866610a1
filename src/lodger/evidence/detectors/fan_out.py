"""Many machines inside reached in one day, unlike any other day."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.RESIDENCE,
    technique="T1018",
    title="tries many machines inside",
    question="Does it reach for many addresses inside on one day, more than on any day before, and not as a habit?",
    p_implant=0.3,
    because="finding the next machine takes a sweep, unless a directory is asked or a person knows the way",
    p_ordinary=0.015,
    needs=frozenset({"connections"}),
    sentence=(
        "reached for {addresses} addresses inside on {day} (ports {ports}), {silent} of them without an "
        "answer; at most {before} on {days_before} days before"
    ),
)
