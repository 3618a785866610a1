"""Unsigned programs in the system's folders that a signed one starts."""

from __future__ import annotations

from tests.analysis.records import SERVICES, Process, Record, at, finding, launched, loaded
from tests.evidence.signing import found

CHILD = r"C:\Windows\System32\svc64.exe"
KEY = r"\windows\system32\svc64.exe"


def _started(child: str, child_signer: str | None, parent_signer: str | None) -> list[Record]:
    parent, program = Process("WS1", SERVICES), Process("WS1", child)
    return [
        launched(program, at(hours=1), parent),
        launched(parent, at()),
        loaded(parent, at(), signer=parent_signer),
        loaded(program, at(hours=1), signer=child_signer),
    ]


def test_an_unsigned_program_in_the_system_folder_under_a_signed_parent_is_found() -> None:
    rows = _started(CHILD, None, "Microsoft Windows")
    place = "C:\\Windows\\System32\\"
    sentence = f"not signed, in {place}, and started by services.exe, which Microsoft Windows signed"
    assert found("unsigned_child", rows) == [finding("WS1", KEY, sentence, rows[:1])]


def test_signed_elsewhere_or_under_an_unsigned_parent_is_not() -> None:
    assert found("unsigned_child", _started(CHILD, "Acme Ltd", "Microsoft Windows")) == []
    assert found("unsigned_child", _started(CHILD, None, None)) == []
    assert found("unsigned_child", _started(r"C:\Program Files\a\svc64.exe", None, "Microsoft Windows")) == []


def test_its_launches_of_all_days_are_told_whatever_day_the_signatures_were() -> None:
    rows = _started(CHILD, None, "Microsoft Windows")
    again = [launched(Process("WS1", CHILD, str(day)), at(days=day), Process("WS1", SERVICES)) for day in (5, 3)]
    place = "C:\\Windows\\System32\\"
    sentence = f"not signed, in {place}, and started by services.exe, which Microsoft Windows signed"
    assert found("unsigned_child", rows + again) == [finding("WS1", KEY, sentence, [rows[0], *again])]
