"""What is learned later changes the answer at once, back to the first day; as of earlier it does not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lodger.cli import run
from lodger.errors import LodgerError
from lodger.lab import Intruder, write_fleet
from lodger.lab.fleet import START
from lodger.ledger import identified
from lodger.model.findings import Case
from lodger.model.trust import Kind, Statement
from lodger.workspace import Workspace

DAY_50 = START + timedelta(days=50)
#: What a thrifty collector sends: launches, ends, and what was loaded with its signature.
SENT = (1, 5, 6, 7)


def _thrifty(fleet: Path) -> None:
    wanted = tuple(f'"EventID":{number},'.encode() for number in SENT)
    for file in (fleet / "hosts").rglob("*.jsonl"):
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(line for line in lines if any(number in line for number in wanted)))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


@pytest.fixture(scope="module")
def intruder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Intruder]:
    folder = tmp_path_factory.mktemp("learning")
    truth = write_fleet(folder / "fleet", seed=2, hosts=3, days=52)
    _thrifty(folder / "fleet")
    workspace = Workspace.create_or_open(folder / "case")
    workspace.ingest([folder / "fleet" / "hosts"])
    workspace.analyse()
    return folder / "case", truth.intruders[0]


def stay(cases: tuple[Case, ...], intruder: Intruder) -> Case:
    return next(case for case in cases if case.program.lower() == intruder.programs[0].path.lower())


def revoked(intruder: Intruder, day: date = DAY_50) -> Statement:
    return Statement(
        Kind.REVOKED, "vendor advisory", known_from=_midnight(day), valid_from=_midnight(day), signer=intruder.signer
    )


def test_a_revocation_of_day_50_puts_the_stay_on_top_at_once_and_as_of_day_49_it_stays_where_it_was(
    intruder: tuple[Path, Intruder], capsys: pytest.CaptureFixture[str]
) -> None:
    path, truth = intruder
    case = Workspace.open(path)
    before = case.ranked()
    old = stay(before, truth)
    assert old.rank > 1

    day = DAY_50.isoformat()
    options = ["--signer", truth.signer, "--from", day, "--learned", day, "--source", "vendor advisory"]
    assert run(["trust", "revoke", *options, "--case", str(path), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["statements"] == 1
    assert said["hosts"] == 1
    first = next(change for change in said["changes"] if change["stay_id"] == old.stay_id)
    assert first | {"weight_after": 0, "since": "", "until": ""} == {
        "host": old.host,
        "program": old.program,
        "stay_id": old.stay_id,
        "sentence": f"signed by {truth.signer}, revoked from {day} (vendor advisory)",
        "present": True,
        "rank_before": old.rank,
        "rank_after": 1,
        "weight_before": old.weight_db,
        "weight_after": 0,
        "since": "",
        "until": "",
    }
    assert first["since"][:10] == truth.arrival[:10]

    now = case.ranked()
    assert stay(now, truth).rank == 1
    assert [each.rank for each in now] == list(range(1, len(now) + 1))
    eve = (DAY_50 - timedelta(days=1)).isoformat()
    assert run(["cases", "--as-of", eve, "--case", str(path), "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [(each["stay_id"], each["rank"], each["weight_db"]) for each in shown] == [
        (each.stay_id, each.rank, each.weight_db) for each in before
    ]
    assert stay(case.as_of(_midnight(DAY_50)).ranked(), truth).rank == 1

    life = case.life(old.stay_id)
    assert [(line.time.date(), line.learned) for line in life.trust][-1] == (DAY_50, True)
    assert life.trust[0].sentence.startswith(f"signed by {truth.signer}, valid, on the word of sysmon")
    assert case.as_of(_midnight(DAY_50) - timedelta(seconds=1)).life(old.stay_id).trust == life.trust[:-1]

    # An analysis of everything says what the quick answer said.
    told = case.sql("SELECT * FROM evidence ORDER BY stay_id, detector, first").to_pylist()
    case.analyse()
    assert case.ranked() == now
    assert case.sql("SELECT * FROM evidence ORDER BY stay_id, detector, first").to_pylist() == told

    # The same said again adds nothing; a withdrawal undoes it, and the ledger still has both.
    entry = identified(revoked(truth))
    assert case.learn([replace(entry, statement=replace(entry.statement, known_from=_midnight(date(2025, 1, 1))))]) == (
        case.learn([])
    )
    gone = Statement(Kind.WITHDRAWN, "by hand", known_from=datetime.now(UTC).replace(tzinfo=None), withdraws=entry.id)
    undone = case.learn([identified(gone)])
    assert {(change.stay_id, change.rank_after) for change in undone.changes} >= {(old.stay_id, old.rank)}
    assert case.ranked() == before
    assert stay(case.as_of(_midnight(DAY_50)).ranked(), truth).rank == 1


def test_before_any_analysis_statements_wait_and_an_answer_is_not_invented(tmp_path: Path) -> None:
    case = Workspace.create_or_open(tmp_path / "case")
    statement = Statement(Kind.ABUSED, "a list", known_from=datetime(2024, 1, 1), signer="Acme Ltd")
    learned = case.learn([identified(statement)])
    assert (learned.statements, learned.changes) == (1, ())
    assert [entry.statement for entry in case.statements()] == [statement]
    assert case.as_of(datetime(2023, 12, 31)).statements() == []
    with pytest.raises(LodgerError, match="has not been analysed"):
        case.as_of(datetime(2024, 1, 1)).ranked()
