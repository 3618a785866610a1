"""What could not be seen, host by host and sensor by sensor, for whoever reads the report."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from importlib import resources
from typing import Any, Final

from lodger.engine import Engine
from lodger.model.coverage import Coverage, HostCoverage, Need, SensorCoverage
from lodger.model.upkeep import SensingChange

#: Most cells of the axis, and the longest span (days) that is drawn with every day that is in it.
CELLS: Final = 120
LONGEST: Final = 800

_Row = dict[str, Any]


def coverage(engine: Engine) -> Coverage:
    """What could not be seen; ``engine`` has what the analysis kept.

    At most 40 hosts (and the sensors on the network) are listed, of each at most 12 sensors; the others are counted.
    """
    engine.create("blind_host", _sql("blind_host"))
    hosts = engine.query("SELECT host, days, place FROM blind_host ORDER BY place").to_pylist()
    hosts = hosts[: 41 if hosts and hosts[0]["host"] is None else 40]
    first, last, cell_days = _axis(engine)
    cells = _cells(engine, first, last, cell_days) if first and last else {}
    (heard,) = engine.query(_sql("blind_heard")).to_pylist()
    apart = engine.query(_sql("blind_network")).to_pylist()
    return Coverage(
        first,
        last,
        cell_days,
        heard["hosts"],
        tuple(Need(**row) for row in engine.query(_sql("blind_need")).to_pylist()),
        _hosts(engine, hosts, cells),
        heard["hosts"] - sum(each["host"] is not None for each in hosts),
        tuple(row["host"] for row in apart),
        apart[0]["hosts"] - len(apart) if apart else 0,
    )


def _axis(engine: Engine) -> tuple[date | None, date | None, int]:
    """The first and last day that are drawn, and the days to a cell."""
    (axis,) = engine.query(_sql("blind_axis")).to_pylist()
    first, last = axis["first_day"], axis["last_day"]
    if first is None:
        return None, None, 1
    if (last - first).days > LONGEST:
        first, last = axis["low_day"], axis["high_day"]
    return first, last, -(-((last - first).days + 1) // CELLS)


_Cells = dict[tuple[int, str | None], tuple[int, ...]]


def _cells(engine: Engine, first: date, last: date, cell_days: int) -> _Cells:
    """By host's place and sensor (None: any of them): the days with records, cell by cell."""
    axis = {"first_day": str(first), "last_day": str(last), "cell_days": str(cell_days)}
    count = ((last - first) // timedelta(days=cell_days)) + 1
    found: dict[tuple[int, str | None], list[int]] = defaultdict(lambda: [0] * count)
    for row in engine.query(_sql("blind_cell"), axis).to_pylist():
        found[row["place"], row["sensor"]][row["cell"]] = row["days"]
    return {key: tuple(days) for key, days in found.items()}


def _hosts(engine: Engine, hosts: list[_Row], cells: _Cells) -> tuple[HostCoverage, ...]:
    sensors, never = _by_place(engine, "blind_sensor"), _by_place(engine, "blind_never")
    changes = _by_place(engine, "blind_change")
    return tuple(
        _host(each, sensors[each["place"]], never[each["place"]], changes[each["place"]], cells) for each in hosts
    )


_CHANGES: Final = 6  # of one host that are listed


def _host(host: _Row, sensors: list[_Row], never: list[_Row], changes: list[_Row], cells: _Cells) -> HostCoverage:
    place = host["place"]
    return HostCoverage(
        host["host"],
        host["days"],
        cells.get((place, None), ()),
        tuple(_sensor(each, cells.get((place, each["sensor"]), ())) for each in sensors),
        sensors[0]["sensors"] - len(sensors) if sensors else 0,
        tuple(each["need"] for each in never),
        tuple(SensingChange(**{name: each[name] for name in each if name != "place"}) for each in changes[:_CHANGES]),
        max(0, len(changes) - _CHANGES),
    )


def _sensor(row: _Row, spoke: tuple[int, ...]) -> SensorCoverage:
    return SensorCoverage(row["sensor"], row["records"], row["first"], row["last"], row["days"], row["silent"], spoke)


def _by_place(engine: Engine, name: str) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in engine.query(_sql(name)).to_pylist():
        found[row["place"]].append(row)
    return found


def _sql(name: str) -> str:
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
