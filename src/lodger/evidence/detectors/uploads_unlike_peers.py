"""More sent than the same program sends on any other host."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.CONTACT,
    technique="T1041",
    title="sends more than its like",
    question="Does it send ten times as much a day, and as a greater share, as the same program on any other host?",
    p_implant=0.1,
    because="shown by programs that are acted in or imitated; most implants have no peers in the fleet",
    p_ordinary=0.01,
    needs=frozenset({"traffic"}),
    sentence=(
        "sends {sent} bytes a day, {share} % of its traffic; the same program on {peers} other hosts at most "
        "{peer_sent}, and {peer_share} %"
    ),
)
