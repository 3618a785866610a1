"""Stories: what happened on one host, and what one detector must find there.

Each story is a function of its host's name, told with the others of its file in one analysis: one of a few rows costs
nearly as much as one of many. A story without findings differs from one with a finding in one thing only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from tests.analysis.records import Finding, Record, analysed, findings

#: The records of a host, and the findings there.
Story = Callable[[str], tuple[list[Record], list[Finding]]]


@dataclass(frozen=True)
class Told:
    """What was found on each story's host, and what must be."""

    found: dict[str, list[Finding]]
    wanted: dict[str, list[Finding]]


def tell(detector: str, stories: Sequence[Story]) -> Told:
    """Tell all stories at once; what was found where no story was told is kept under "?"."""
    rows: list[Record] = []
    wanted: dict[str, list[Finding]] = {"?": []}
    for story in stories:
        records, expected = story(story.__name__)
        rows += records
        wanted[story.__name__] = expected
    with closing(analysed(rows)) as engine:
        everything = findings(engine, detector)
    found: dict[str, list[Finding]] = {name: [] for name in wanted}
    for each in everything:
        found[each.host if each.host in wanted else "?"].append(each)
    return Told(found, wanted)
