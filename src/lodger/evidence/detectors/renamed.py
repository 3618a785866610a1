"""Version information that names another file."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.DISGUISE,
    technique="T1036.003",
    title="renamed",
    question="Does the name it was built with differ from the name it runs under?",
    p_implant=0.2,
    because="renaming a known tool or pretending to be one is common; most implants have a name of their own",
    p_ordinary=0.06,
    needs=frozenset({"launches"}),
    sentence="built as {original}, runs as {name}",
)
