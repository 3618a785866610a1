"""Whose clocks differ and which was taken as true, and what is many behind one, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any, Final

from lodger.engine import Engine

#: Tables of the analysis that are needed; a case that an older version analysed has not all of them.
NEEDED: Final = frozenset({"network_clock", "clock_day", "sensor_clock", "windows_clock", "many_behind"})

_LINES: Final = 5  # of each kind
_NAMES: Final = 3  # in a line

_CLOCKS: Final = {
    "network": "the network sensors' clock is {ahead} the host's, by {pairs} pairs of one connection on both:"
    " told on the host's clock",
    "sensor": "its clock is {ahead} the leading network sensor's, by {pairs} pairs of one connection on both:"
    " told on the leading one's",
    "exporter": "an exporter's time stamps are {ahead} the events' own UtcTime: told by UtcTime, which the host wrote",
}

_MANY: Final = {
    "address": "many behind one address ({members} hosts at once: {names}): its contacts are no one host's",
    "terminal server": "many behind one host ({members} people at once: {names}): its programs are no one person's",
}


def notes(engine: Engine) -> Iterator[str]:
    """One line per clock that is more than two seconds off, and per address or host with many behind it; at most five
    of each kind, and how many more there are. ``engine`` has the tables of :data:`NEEDED`.
    """
    sql = (resources.files(__package__) / "clocks.sql").read_text(encoding="utf-8")
    clocks = engine.query(sql).to_pylist()
    for kind, line in _CLOCKS.items():
        yield from _some([row for row in clocks if row["kind"] == kind], line, "clocks that differ")
    many = engine.query("SELECT host AS name, kind, members, names FROM many_behind ORDER BY kind, name").to_pylist()
    for kind, line in _MANY.items():
        yield from _some([row for row in many if row["kind"] == kind], line, f"of this kind ({kind})")


def _some(rows: list[dict[str, Any]], line: str, of_what: str) -> Iterator[str]:
    for row in rows[:_LINES]:
        yield f"{row['name']}: " + line.format(
            ahead=_ahead(row.get("least", 0.0), row.get("most", 0.0)),
            pairs=row.get("pairs"),
            members=row.get("members"),
            names=_names(row.get("names") or [], row.get("members") or 0),
        )
    if len(rows) > _LINES:
        yield f"{len(rows) - _LINES} more {of_what}"


def _names(names: list[str], members: int) -> str:
    shown = ", ".join(names[:_NAMES])
    return f"{shown}, and more" if max(members, len(names)) > _NAMES else shown


def _ahead(least: float, most: float) -> str:
    if round(least) == round(most):
        return _span(most)
    return f"between {_span(least)} and {_span(most)}"


def _span(seconds: float) -> str:
    whole = round(abs(seconds))
    parts = [(whole // 3600, "h"), (whole // 60 % 60, "min"), (whole % 60, "s")]
    told = " ".join(f"{number:,} {unit}" for number, unit in parts if number) or "0 s"
    return f"{told} {'behind' if seconds < 0 else 'ahead of'}"
