"""A life: when and how it came, what was said of it, when it left; and the same whatever order the records come in."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from tests.analysis.records import (
    CMD,
    EXPLORER,
    OUTLOOK,
    SERVICES,
    Process,
    Record,
    analysed,
    asked,
    at,
    audited_launch,
    connected,
    deleted,
    driver_loaded,
    flow,
    launched,
    loaded,
    marked,
    opened,
    request,
    rows_of,
    service_installed,
    task,
    value_set,
    wrote,
)

from lodger import stays
from lodger.engine.duckdb import DuckDB

PATH = r"C:\Users\ann\Downloads\a.exe"
DRIVER = r"C:\Windows\System32\drivers\d.sys"


def run(host: str, *days: float, image: str = PATH) -> list[Record]:
    """The program is launched by the desktop on these days."""
    return [launched(Process(host, image, str(day)), at(days=day)) for day in days]


def heard(host: str, day: float) -> Record:
    """Something else happens on the host."""
    return wrote(Process(host, r"C:\Program Files\B\b.exe"), at(days=day), r"C:\x.log")


def _arrivals() -> dict[str, list[Record]]:
    def mail(host: str) -> Process:
        return Process(host, OUTLOOK)

    return {
        "written": [heard("written", 0), wrote(mail("written"), at(days=3), PATH), *run("written", 4, 5)],
        "marked": [marked(Process("marked", EXPLORER), at(days=3), PATH), *run("marked", 4)],
        "service": [
            heard("service", 0),
            service_installed("service", at(days=2), "x", f'"{PATH}" -svc'),
            launched(Process("service", PATH), at(days=3), Process("service", SERVICES)),
        ],
        "task": [task("task", at(days=2), r"\x", PATH), *run("task", 3)],
        "value": [
            value_set(mail("value"), at(days=1), r"HKU\S\Software\Microsoft\Windows\CurrentVersion\Run\x", PATH),
            *run("value", 3),
        ],
        "both": [
            service_installed("both", at(days=1), "x", PATH),
            wrote(mail("both"), at(days=2), PATH),
            *run("both", 3),
        ],
        "seen": [heard("seen", 0), *run("seen", 2)],
        "always": [heard("always", 0), *run("always", 0.5, 3)],
        "updated": [*run("updated", 0, 5), wrote(mail("updated"), at(days=3), PATH)],
        "driver": [
            heard("driver", 0),
            wrote(mail("driver"), at(days=1), DRIVER),
            driver_loaded("driver", at(days=1, hours=1), DRIVER, Hashes="SHA256=AB"),
        ],
    }


def _departures() -> dict[str, list[Record]]:
    def removed(host: str, day: float, minutes: float = 0, path: str = PATH) -> Record:
        return deleted(Process(host, CMD, "cleaner"), at(days=day, minutes=minutes), path)

    return {
        "left": [*run("left", 0, 2), removed("left", 2, 5), heard("left", 9)],
        "stopping": [
            *run("stopping", 2),
            wrote(Process("stopping", PATH, "2"), at(days=2, minutes=9), "x"),
            removed("stopping", 2, 2),
        ],
        "replaced": [*run("replaced", 0, 4), removed("replaced", 2)],
        "other": [*run("other", 0), removed("other", 1, path=r"C:\Users\ann\Downloads\b.exe")],
        "before": [removed("before", 0), *run("before", 1)],
    }


LIVES = {**_arrivals(), **_departures()}


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    engine = analysed([row for rows in LIVES.values() for row in rows], "stays")
    yield engine
    engine.close()


def life(engine: DuckDB, host: str, name: str = "a.exe") -> dict[str, Any]:
    (row,) = rows_of(engine, f"SELECT * FROM stay WHERE host = '{host}' AND name = '{name}'")  # noqa: S608
    return row


@pytest.mark.parametrize(
    ("host", "arrival", "how", "ref"),
    [
        ("written", at(days=3), "written by outlook.exe", 1),
        ("marked", at(days=3), "written by explorer.exe", 0),
        ("service", at(days=2), "set up as service", 1),
        ("task", at(days=2), "set up as task", 0),
        ("value", at(days=1), "set up as autostart value", 0),
        ("both", at(days=1), "written by outlook.exe", 1),
        ("seen", at(days=2), "first seen", None),
        ("always", None, None, None),
        ("updated", None, None, None),
    ],
)
def test_a_program_came_when_it_was_written_or_set_up_or_first_seen_on_a_host_long_heard(
    engine: DuckDB, host: str, arrival: datetime | None, how: str | None, ref: int | None
) -> None:
    row = life(engine, host)
    expected = None if ref is None else LIVES[host][ref].ref
    assert (row["arrival"], row["arrival_how"], row["arrival_ref"]) == (arrival, how, expected)


@pytest.mark.parametrize(
    ("host", "departure"),
    [
        ("left", at(days=2, minutes=5)),
        ("stopping", at(days=2, minutes=2)),
        ("replaced", None),
        ("other", None),
        ("before", None),
        ("written", None),
    ],
)
def test_a_program_left_when_its_file_was_deleted_and_it_never_acted_again(
    engine: DuckDB, host: str, departure: datetime | None
) -> None:
    assert life(engine, host)["departure"] == departure


def test_a_life_spans_all_that_its_processes_did(engine: DuckDB) -> None:
    row = life(engine, "stopping")
    assert (row["first_seen"], row["last_seen"], row["launches"], row["days"]) == (
        at(days=2),
        at(days=2, minutes=9),
        1,
        1,
    )
    row = life(engine, "always")
    assert (row["first_seen"], row["last_seen"], row["launches"], row["days"]) == (at(days=0.5), at(days=3), 2, 2)
    assert (row["first_heard"], row["last_heard"]) == (at(), at(days=3))


def test_a_driver_has_a_life_too(engine: DuckDB) -> None:
    row = life(engine, "driver", "d.sys")
    shown = ("kind", "path", "place", "hashes", "arrival", "arrival_how", "is_signed", "signer", "first_seen")
    assert [row[name] for name in shown] == [
        *("driver", DRIVER, "system", "SHA256=AB", at(days=1), "written by outlook.exe", True, "Example Software"),
        at(days=1, hours=1),
    ]


# What the sensors could show, and what they said of signatures


def test_coverage_is_what_came_from_each_host_and_nothing_else() -> None:
    a = Process("all", PATH)
    rows = [
        launched(a, at()),
        opened(a, at(), Process("all", CMD)),
        loaded(a, at()),
        driver_loaded("all", at(), DRIVER),
        wrote(a, at(), "x"),
        deleted(a, at(), "x"),
        value_set(a, at(), "k", "v"),
        connected(a, at(), "192.0.2.1"),
        flow("C1", at(), "192.0.2.1"),
        flow("C2", at(), "192.0.2.1", source="10.9.9.9"),
        audited_launch(Process("audit", PATH), at()),
        connected(Process("talker", PATH), at(), "192.0.2.2", source="10.0.0.2"),
        asked(Process("quiet", PATH), at(), "a.example", "192.0.2.1"),
    ]
    engine = analysed(rows, "stays")
    found: dict[str, set[str]] = {}
    for row in rows_of(engine, "SELECT * FROM coverage"):
        found.setdefault(row["host"], set()).add(row["kind"])
    engine.close()
    network = {"connections", "traffic"}
    assert found == {
        "all": network | {"launches", "accesses", "modules", "drivers", "files", "deletions", "registry"},
        "audit": {"launches"},
        "talker": {"connections"},
        "10.9.9.9": network,
        "quiet": {"lookups"},
    }


def test_a_signature_is_the_latest_word_on_the_programs_own_image() -> None:
    a = Process("ws", PATH)
    rows = [
        loaded(a, at(hours=1), signer="Old Ltd"),
        loaded(a, at(hours=2), signer="New Ltd", status="Revoked"),
        loaded(a, at(hours=3), r"C:\Windows\System32\ntdll.dll", signer="Microsoft Windows"),
        loaded(a, at(hours=4), r"C:\Users\ann\plugin.dll", signer=None),
    ]
    engine = analysed(rows, "stays")
    found = rows_of(engine, "SELECT * FROM program_signature ORDER BY program")
    engine.close()
    assert found == [
        {
            "host": "ws",
            "program": r"\users\*\downloads\a.exe",
            "is_signed": True,
            "signer": "New Ltd",
            "status": "Revoked",
            "first_said": at(hours=1),
            "last_said": at(hours=2),
            "ref": rows[0].ref,
        },
        {
            "host": "ws",
            "program": r"\users\*\plugin.dll",
            "is_signed": False,
            "signer": None,
            "status": "Unavailable",
            "first_said": at(hours=4),
            "last_said": at(hours=4),
            "ref": rows[3].ref,
        },
    ]


# The order of records


def _ties() -> list[Record]:
    """Records of one moment that say different things, and everything above."""
    a, one, two = Process("tie", PATH), Process("tie", OUTLOOK), Process("tie", r"C:\Users\ann\writer.exe")
    rows = [row for lives in LIVES.values() for row in lives]
    for actor in (one, two):
        rows += [wrote(actor, at(), PATH), deleted(actor, at(days=1, minutes=1), PATH), launched(actor, at())]
    for name in ("x.example", "y.example", "z.example"):
        rows += [asked(a, at(), name, "192.0.2.1"), service_installed("tie", at(), name, PATH)]
        rows += [
            request("C" + name, at(days=1), "192.0.2.1", name, source_port=9),
            flow("C" + name, at(days=1), "192.0.2.1"),
        ]
    for signer in ("One Ltd", "Two Ltd", None):
        rows += [loaded(a, at(days=1), signer=signer), driver_loaded("tie", at(), DRIVER, signer)]
    rows += [connected(Process("tie", PATH, str(n)), at(days=1), "192.0.2.1", source_port=n % 3) for n in range(9)]
    rows += [launched(a, at(days=1), line=line) for line in ("a.exe -2", "a.exe -1")]
    rows += [audited_launch(Process("tie", CMD, "twin"), at(), line=str(n)) for n in range(4)]
    return rows


def everything(rows: Sequence[Record]) -> dict[str, list[dict[str, Any]]]:
    engine = analysed(rows, "evidence")
    names = (*stays.EVENT_STEPS, *stays.LIFE_STEPS, "finding")
    found = {name: rows_of(engine, f"SELECT * FROM {name}") for name in names}  # noqa: S608
    engine.close()
    return {name: sorted(table, key=repr) for name, table in found.items()}


def test_what_is_known_does_not_depend_on_the_order_of_records() -> None:
    rows = _ties()
    first = everything(rows)
    for seed in range(3):
        again = everything(random.Random(seed).sample(rows, len(rows)))
        assert {name for name in first if first[name] != again[name]} == set()
