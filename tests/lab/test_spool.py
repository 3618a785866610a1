"""Rows of a day, from several tellers, in parts."""

from __future__ import annotations

import gzip
from pathlib import Path

from lodger.lab.spool import Spool
from lodger.lab.zeek import LOGS

MIDNIGHT = 1_711_929_600
DAY = "2024-04-01"


def _rows(**logs: list[str]) -> dict[str, list[str]]:
    return {path: logs.get(path, []) for path in LOGS}


def _body(path: Path) -> list[str]:
    return [line for line in gzip.decompress(path.read_bytes()).decode().splitlines() if not line.startswith("#")]


def test_rows_are_in_order_whoever_told_them_and_however_many_hosts_there_are(tmp_path: Path) -> None:
    early, middle, late, before = (f"{MIDNIGHT + s}.000000\t{s}" for s in (5, 40_000, 86_399, -1))
    for hosts in (3, 5_000):
        scratch = tmp_path / str(hosts)
        scratch.mkdir()
        spool = Spool(scratch, hosts)
        first, second = _rows(conn=[late, early]), _rows(conn=[middle])
        spool.put(DAY, MIDNIGHT, 0, first)
        spool.put(DAY, MIDNIGHT, 1, second)
        spool.put(DAY, MIDNIGHT, 1, _rows(conn=[before]))
        assert first == second == _rows()
        assert spool.write(tmp_path / f"out{hosts}", DAY, 2) == 4
        assert _body(tmp_path / f"out{hosts}" / "conn.log.gz") == [before, early, middle, late]
        assert [path.name for path in (tmp_path / f"out{hosts}").iterdir()] == ["conn.log.gz"]
        assert not list(scratch.iterdir())


def test_a_certificate_is_logged_once_a_day_when_it_was_first_seen(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    spool = Spool(tmp_path / "parts", 3)
    one, other = "a" * 64, "b" * 64
    rows = [f"{MIDNIGHT + s}.000000\t{mark}\t3" for s, mark in ((9, one), (70_000, one), (80_000, other))]
    spool.put(DAY, MIDNIGHT, 0, _rows(x509=[rows[1], rows[2]]))
    spool.put(DAY, MIDNIGHT, 1, _rows(x509=[rows[0]]))
    assert spool.write(tmp_path / "out", DAY, 2) == 2
    assert _body(tmp_path / "out" / "x509.log.gz") == [rows[0], rows[2]]
