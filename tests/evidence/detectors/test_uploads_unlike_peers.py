"""More sent than the same program sends on any other host."""

from __future__ import annotations

from contextlib import closing

from tests.analysis.records import Process, Record, analysed, at, connected, finding, findings, flow, launched

PROGRAM = r"C:\Program Files\Tool\tool.exe"
KEY = r"\program files\tool\tool.exe"


def _sends(n: int, sent: int, fetched: int, days: int = 3) -> tuple[list[Record], list[Record]]:
    """So many bytes on each day from host WSn; all records, and those of the flows."""
    program, source = Process(f"WS{n}", PROGRAM), f"10.0.0.{n}"
    rows, seen = [launched(program, at(hours=8))], []
    for day in range(days):
        when, port = at(days=day, hours=10), 50000 + day
        rows.append(connected(program, when, "192.0.2.9", source=source, source_port=port))
        seen.append(flow(f"C{n}{day}", when, "192.0.2.9", source=source, source_port=port, sent=sent, fetched=fetched))
    return rows + seen, seen


def _peers(count: int, sent: int = 50_000, fetched: int = 150_000) -> list[Record]:
    return [row for n in range(2, 2 + count) for row in _sends(n, sent - n, fetched)[0]]


def test_ten_times_the_most_of_three_peers_is_found() -> None:
    rows, seen = _sends(1, 500_000, 500_000)
    with closing(analysed(rows + _peers(3))) as engine:
        found = findings(engine, "uploads_unlike_peers")
    told = "sends 500000 bytes a day, 50 % of its traffic; the same program on 3 other hosts at most 49998, and 25 %"
    assert found == [finding("WS1", KEY, told, seen)]


def test_nine_times_as_much_is_not_found() -> None:
    with closing(analysed(_sends(1, 450_000, 450_000)[0] + _peers(3))) as engine:
        assert findings(engine, "uploads_unlike_peers") == []


def test_more_of_everything_is_more_use_and_not_found() -> None:
    with closing(analysed(_sends(1, 500_000, 1_510_000)[0] + _peers(3))) as engine:
        assert findings(engine, "uploads_unlike_peers") == []


def test_two_peers_or_two_days_tell_nothing() -> None:
    with closing(analysed(_sends(1, 500_000, 500_000)[0] + _peers(2))) as engine:
        assert findings(engine, "uploads_unlike_peers") == []
    with closing(analysed(_sends(1, 500_000, 500_000, days=2)[0] + _peers(3))) as engine:
        assert findings(engine, "uploads_unlike_peers") == []
