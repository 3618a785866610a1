"""Nearly all in the system's folders is signed: this is not, and a signed program started it."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1036.005",
    title="unsigned in a system folder, started by a signed program",
    question="Does it lie in a system folder unsigned, and did a signed program start it?",
    p_implant=0.12,
    because="files are put where nobody looks among hundreds, to be started by what everybody trusts",
    p_ordinary=0.02,
    needs=frozenset({"modules", "launches"}),
    sentence="not signed, in {place}, and started by {parent}, which {signer} signed",
)
