"""A signer whom this fleet hardly knows."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.TRUST,
    technique="T1588.003",
    title="signer rare in the fleet",
    question="Does its signer sign no more than three programs, on no more than one host in fifty?",
    p_implant=0.35,
    because="a third of patient intruders sign, with certificates stolen or bought: names that the fleet does not know",
    p_ordinary=0.06,
    needs=frozenset({"modules"}),
    sentence="signed by {signer}, which signs {programs} program(s) on {hosts} of {fleet_hosts} hosts",
    learns=True,
)
