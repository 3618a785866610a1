"""The image is unsigned, or its signature did not verify on the host."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1553.002",
    title="unsigned, or its signature is not valid",
    question="Does the sensor say that the image is unsigned or its signature not valid?",
    p_implant=0.5,
    because="half of published implants carry no valid signature; those that do are why the other questions are asked",
    p_ordinary=0.1,
    needs=frozenset({"modules"}),
    sentence="{what}",
)
