"""Who came with whom: what one program wrote, and what that wrote; not what a browser, a suite or a service brings."""

from __future__ import annotations

from contextlib import closing

import pytest
from tests.analysis.records import (
    CHROME,
    EXPLORER,
    SERVICES,
    Process,
    Record,
    analysed,
    at,
    driver_loaded,
    launched,
    loaded,
    rows_of,
    wrote,
)

WORD = r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE"
XCOPY = r"C:\Windows\System32\xcopy.exe"
MSIEXEC = r"C:\Windows\System32\msiexec.exe"
DRIVER = r"C:\Windows\System32\drivers\tool.sys"

#: Every two that came together, by the last parts of their names, each with each.
Kin = set[tuple[str, str]]


def _of(host: str) -> tuple[Process, Process, Process]:
    """What brings, what stays, and its helper."""
    folder = rf"C:\ProgramData\{host}"
    return (
        Process(host, r"C:\Users\ann\AppData\Local\Temp\a1.exe"),
        Process(host, rf"{folder}\stays.exe"),
        Process(host, rf"{folder}\helps.exe"),
    )


def _lives(host: str, writer: str = WORD) -> list[Record]:
    """A document's file brings a driver and what stays, which brings a helper."""
    brings, stays, helps = _of(host)
    word = Process(host, writer)
    return [
        launched(word, at(hours=9), Process(host, EXPLORER)),
        wrote(word, at(hours=9, minutes=1), brings.image),
        launched(brings, at(hours=9, minutes=2), word),
        wrote(brings, at(hours=9, minutes=3), DRIVER),
        wrote(brings, at(hours=9, minutes=3, seconds=1), stays.image),
        driver_loaded(host, at(hours=9, minutes=4), DRIVER),
        launched(stays, at(hours=9, minutes=5), Process(host, SERVICES)),
        wrote(stays, at(days=3), helps.image),
        launched(helps, at(days=3, minutes=1), stays),
    ]


def kin(rows: list[Record]) -> dict[str, Kin]:
    query = """
        SELECT a.host, a.name AS one, b.name AS other
        FROM kin AS k JOIN stay AS a ON a.stay_id = k.stay_id JOIN stay AS b ON b.stay_id = k.kin
        WHERE a.host = b.host
    """
    with closing(analysed(rows)) as engine:
        assert not rows_of(engine, "SELECT * FROM kin GROUP BY ALL HAVING COUNT(*) > 1")
        found: dict[str, Kin] = {}
        for row in rows_of(engine, query):
            found.setdefault(row["host"], set()).add((row["one"], row["other"]))
    return found


def test_all_that_goes_back_to_one_file_is_of_one_kin_and_the_program_that_opened_the_document_is_not() -> None:
    party = {"a1.exe", "stays.exe", "helps.exe", "tool.sys"}
    assert kin(_lives("ws1")) == {"ws1": {(one, other) for one in party for other in party if one != other}}


@pytest.mark.parametrize(
    ("carrier", "signer"),
    [(CHROME, "Google LLC"), (MSIEXEC, None), (XCOPY, "Microsoft Windows")],
    ids=["a browser", "Windows' installer", "a program of the system's"],
)
def test_two_programs_that_one_carrier_wrote_are_strangers(carrier: str, signer: str | None) -> None:
    _, stays, helps = _of("ws1")
    by = Process("ws1", carrier)
    rows = [launched(by, at(hours=9))]
    if signer:
        rows.append(loaded(by, at(hours=9), carrier, signer=signer))
    for program in (stays, helps):
        rows += [wrote(by, at(hours=10), program.image), launched(program, at(hours=11), Process("ws1", EXPLORER))]
    assert kin(rows) == {}


def test_what_was_written_only_after_it_had_run_did_not_come_with_its_writer() -> None:
    brings, stays, _ = _of("ws1")
    rows = [launched(brings, at(hours=8)), launched(stays, at(hours=9)), wrote(brings, at(hours=10), stays.image)]
    assert kin(rows) == {}


def test_a_program_that_most_hosts_have_is_nobodys_kin() -> None:
    rows: list[Record] = []
    for number in range(4):
        host = f"ws{number}"
        service = Process(host, r"C:\Program Files\Keeper\keeper.exe")
        rows.append(launched(service, at(hours=8), Process(host, SERVICES)))
        if number < 2:
            _, stays, helps = _of(host)
            for program in (stays, helps):
                rows += [wrote(service, at(days=2), program.image), launched(program, at(days=2, hours=1), service)]
    assert kin(rows) == {}


def _pairs(rows: list[Record]) -> set[tuple[str, str, str, str]]:
    query = """
        SELECT a.host AS here, a.name AS one, b.host AS there, b.name AS other
        FROM kin AS k JOIN stay AS a ON a.stay_id = k.stay_id JOIN stay AS b ON b.stay_id = k.kin
    """
    with closing(analysed(rows)) as engine:
        return {(row["here"], row["one"], row["there"], row["other"]) for row in rows_of(engine, query)}


def _everywhere(hosts: int) -> list[Record]:
    return [launched(Process(f"h{number}", CHROME), at(hours=0)) for number in range(hosts)]


def _two_hosts(hashes: tuple[str, str]) -> list[Record]:
    """What stays is the same on two hosts, or only of the same name; each was brought by a file of another name."""
    rows = []
    for number, value in enumerate(hashes):
        brings = Process(f"h{number}", rf"C:\Users\ann\AppData\Local\Temp\{'xy'[number]}.exe")
        stays = Process(f"h{number}", r"C:\ProgramData\Same\same.exe")
        rows += [launched(brings, at(hours=9)), wrote(brings, at(hours=10), stays.image)]
        rows.append(launched(stays, at(hours=11), Process(f"h{number}", SERVICES), Hashes=f"SHA256={value * 64}"))
    return rows


def test_what_is_the_same_file_on_few_hosts_came_together_with_all_that_brought_it() -> None:
    party = {("h0", "x.exe"), ("h0", "same.exe"), ("h1", "y.exe"), ("h1", "same.exe")}
    assert _pairs([*_everywhere(30), *_two_hosts(("A", "A"))]) == {
        (*one, *other) for one in party for other in party if one != other
    }


@pytest.mark.parametrize(
    ("hosts", "hashes"), [(30, ("A", "B")), (10, ("A", "A"))], ids=["another file", "more than one host in ten"]
)
def test_another_file_of_the_same_name_or_a_common_one_ties_no_hosts(hosts: int, hashes: tuple[str, str]) -> None:
    assert {(here, there) for here, _, there, _ in _pairs([*_everywhere(hosts), *_two_hosts(hashes)])} == {
        ("h0", "h0"),
        ("h1", "h1"),
    }


@pytest.mark.parametrize(("many", "related"), [(15, True), (17, False)])
def test_a_suite_is_no_party(many: int, related: bool) -> None:
    setup = Process("ws1", r"C:\Users\ann\Downloads\suite_setup.exe")
    rows = [launched(setup, at(hours=9))]
    for number in range(many):
        part = Process("ws1", rf"C:\Program Files\Suite\part{chr(97 + number)}.exe")
        rows += [wrote(setup, at(hours=10), part.image), launched(part, at(hours=11), Process("ws1", EXPLORER))]
    assert bool(kin(rows)) is related
