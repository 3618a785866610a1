#!/usr/bin/env python3
"""Writes docs/detectors.md from what the detectors declare: ``python tools/detectors.py``, with Lodger installed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lodger.evidence import all_detectors
from lodger.evidence.detector import Loaded
from lodger.model.findings import Facet

PAGE: Final = Path(__file__).parents[1] / "docs" / "detectors.md"

_HEAD: Final = """\
# Detectors

Written by `tools/detectors.py` from what the detectors declare (`src/lodger/evidence/detectors/`, one file each, its
SELECT beside it); change those, then run `make docs`.

A detector puts one question to every stay. A finding weighs 10 log10(P(implant) / P(ordinary)) decibans: P(implant) is
the share of implants' stays that show it, with the reason for that number, and P(ordinary) the share of ordinary
programs that do. The number given here for the latter is the baseline that ships with Lodger; an analysis mixes it with
the share of the fleet's own programs, so the weight of a finding that is common in a fleet falls by itself. Nothing
convicts alone.

On a host that sent none of the records that a detector needs, its silence says nothing.
"""

_FACETS: Final = {
    Facet.ARRIVAL: "How it came, and what makes it come back.",
    Facet.TRUST: "What its signature and its own words are worth.",
    Facet.RESIDENCE: "Where it lives and what it does there.",
    Facet.CONTACT: "Whom it talks with, when, and how much.",
    Facet.DISGUISE: "What it pretends to be.",
    Facet.DEPARTURE: "How it left, or fell silent.",
}

#: The records that tell each kind.
RECORDS: Final = {
    "launches": ("process launches", "Sysmon 1; Security 4688"),
    "accesses": ("accesses to processes", "Sysmon 8, 10; Security 4656, 4663"),
    "modules": ("module loads", "Sysmon 7"),
    "drivers": ("driver loads", "Sysmon 6"),
    "files": ("file creations", "Sysmon 11"),
    "deletions": ("file deletions", "Sysmon 23, 26; Security 4663"),
    "registry": ("registry changes", "Sysmon 12, 13, 14; Security 4657"),
    "connections": ("connections", "Sysmon 3; Security 5156; Zeek conn, http, ssl"),
    "traffic": ("byte counts of connections", "Zeek conn, http"),
    "handshakes": ("TLS handshakes", "Zeek ssl; Suricata tls; packet captures"),
    "lookups": ("name lookups", "Sysmon 22; Zeek dns; Suricata dns"),
}


def _entry(found: Loaded) -> Iterator[str]:
    told = found.detector
    needs = " and ".join(RECORDS[kind][0] for kind in RECORDS if kind in told.needs)
    weight = 10 * math.log10(told.p_implant / told.p_ordinary)
    technique = f"https://attack.mitre.org/techniques/{told.technique.replace('.', '/')}/"
    yield f"### `{found.id}`: {told.title}\n"
    yield f"{told.question} ([{told.technique}]({technique}))\n"
    yield f"- P(implant) {told.p_implant:g}: {told.because}"
    yield f"- P(ordinary) {told.p_ordinary:g} before the fleet is asked: {weight:.1f} decibans"
    yield f"- needs {needs}\n"


def page() -> str:
    """The whole page."""
    lines = [_HEAD]
    for facet, about in _FACETS.items():
        lines += [f"## {facet.value.capitalize()}\n", f"{about}\n"]
        for found in all_detectors():
            if found.detector.facet is facet:
                lines += _entry(found)
    lines += ["## Records\n", "| what is needed | records that tell it |", "|---|---|"]
    lines += [f"| {name} | {records} |" for name, records in RECORDS.values()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
