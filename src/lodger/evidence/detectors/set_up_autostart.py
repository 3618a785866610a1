"""The program itself wrote an entry that starts something at boot or logon."""

from __future__ import annotations

from lodger.evidence.detector import Detector
from lodger.model.findings import Facet

DETECTOR = Detector(
    facet=Facet.ARRIVAL,
    technique="T1543.003",
    title="sets up what starts by itself",
    question="Did the program make a service, driver or autostart entry?",
    p_implant=0.5,
    because="what stays sets up its own return; half of the time by an installer that is gone before anyone looks",
    p_ordinary=0.06,
    needs=frozenset({"registry"}),
    sentence="made {kind} {entries}: {command}",
)
