"""The trust ledger on the command line: lists and single statements go in, and come out as they were known when."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lodger.cli import run
from lodger.cli.options import moment
from lodger.cli.render.ledger import LedgerFormat, print_learned
from lodger.errors import InputError
from lodger.model.trust import Change, Learned
from lodger.workspace import Workspace


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "200")
    Workspace.create_or_open(tmp_path / "case")
    return str(tmp_path / "case")


def listed(case: str, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run(["trust", "list", "--case", case, "--format", "json", *options]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_a_revocation_by_hand_is_listed_with_both_times(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    about = ["--serial", "0F:A2", "--issuer", "CN=Some CA,O=Some Ltd", "--from", "2010-12-01"]
    told = ["--source", "vendor advisory", "--learned", "2011-10-14T08:00:00+02:00", "--detail", "stolen key"]
    assert run(["trust", "revoke", *about, *told, "--case", case]) == 0
    assert "new statements: 1; touched: 0 stay(s) on 0 host(s)" in capsys.readouterr().out
    (entry,) = listed(case, capsys)
    nothing = dict.fromkeys(("signer", "thumbprint", "sha256", "sha1", "md5", "authentihash", "withdraws"))
    assert entry == nothing | {
        "id": entry["id"],
        "kind": "revoked",
        "valid_from": "2010-12-01T00:00:00Z",
        "known_from": "2011-10-14T06:00:00Z",
        "source": "vendor advisory",
        "detail": "stolen key",
        "serial": "fa2",
        "issuer": "Some CA",
        "shared": False,
    }
    assert listed(case, capsys, "--as-of", "2011-10-13") == []
    assert listed(case, capsys, "--as-of", "2011-10-14") == [entry]
    assert run(["trust", "list", "--case", case]) == 0
    line = f"{entry['id']}  revoked from 2010-12-01, learned 2011-10-14: serial fa2, issuer Some CA (vendor advisory, "
    assert line in capsys.readouterr().out
    assert run(["trust", "list", "--case", case, "--format", "csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["id"], row["serial"]) == (entry["id"], "fa2")


def test_a_statement_by_hand_is_withdrawn_by_hand(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    digest = "AB" * 32
    assert run(["trust", "state", "malicious", "--hash", digest, "--learned", "2024-01-01", "--case", case]) == 0
    (entry,) = listed(case, capsys)
    assert (entry["kind"], entry["sha256"]) == ("malicious", digest.lower())
    assert run(["trust", "state", "withdrawn", "--statement", entry["id"], "--case", case]) == 0
    assert [each["kind"] for each in listed(case, capsys)] == ["withdrawn"]
    assert listed(case, capsys, "--as-of", "2024-01-01") == [entry]


def test_lists_are_imported_and_what_is_wrong_in_them_is_told(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {"serial": "0a", "subject": "Acme Ltd"}
    (tmp_path / "list.json").write_text(json.dumps([good, {**good, "serial": "xyz"}]), encoding="utf-8")
    (tmp_path / "other").write_bytes(b"no list")
    files = [str(tmp_path / name) for name in ("list.json", "other", "missing")]
    assert run(["trust", "import", *files, "--case", case, "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"format_version": 1, "statements": 1, "hosts": 0, "more": 0, "changes": []}
    assert f"{files[0]}: certificates, 2 entries, 1 statements, 1 refused" in shown.err
    assert f"{files[0]}: entry 2: not a serial number in hexadecimal: 'xyz'" in shown.err
    assert f"{files[1]}: no revocation list, no list of certificates and no list of drivers" in shown.err
    assert len(shown.err.splitlines()) == 4
    assert [each["signer"] for each in listed(case, capsys)] == ["Acme Ltd"]
    assert run(["trust", "import", files[0], "--case", case]) == 0
    assert "new statements: 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["trust", "revoke"], "the statement speaks of nothing"),
        (["trust", "revoke", "--serial", "xyz"], "not a serial number in hexadecimal"),
        (["trust", "revoke", "--signer", "A", "--from", "then"], "not a time: 'then'"),
        (["trust", "revoke", "--signer", "A", "--learned", "2999-01-01"], "learned in the future"),
        (["trust", "state", "malicious", "--hash", "abc"], "not a SHA-256, SHA-1 or MD5"),
        (["trust", "import", "missing"], "nothing could be read"),
        (["cases", "--as-of", "yesterday"], "not a time: 'yesterday'"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    case: str, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    assert run([*arguments, "--case", case]) == 2
    assert problem in capsys.readouterr().err.splitlines()[-1]


def test_a_day_is_known_at_its_end() -> None:
    assert moment("2011-10-14") == datetime(2011, 10, 14, 23, 59, 59, 999999)
    assert moment("2011-10-14T08:00:00") == datetime(2011, 10, 14, 8)
    assert moment(None) is None
    with pytest.raises(InputError, match="not a time"):
        moment("14.10.2011")


def test_what_changed_is_told_with_ranks_and_whether_it_is_still_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    when = datetime(2011, 9, 1, tzinfo=UTC)
    change = Change("ws1", "C:\\a\x1b.exe", "3f9a2b7c11d0", "signed by A", when, when, False, 41, 1, -2.5, 30.0)
    print_learned(Learned(1, 1, (change,), 0), LedgerFormat.TABLE)
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "new statements: 1; touched: 1 stay(s) on 1 host(s)",
        "rank 41 -> 1 −2.5 -> 30.0 dB ws1 C:\\a[U+001B].exe",  # noqa: RUF001
        "3f9a2b7c11d0 since 2011-09-01, last seen 2011-09-01, gone; signed by A",
    ]
