"""Drivers of honest makers that are of use to an intruder."""

from __future__ import annotations

from tests.analysis.records import at, driver_loaded
from tests.evidence.signing import said, sentences

from lodger.model.trust import Kind

DRIVER = r"C:\Windows\System32\drivers\bus.sys"


def test_a_driver_on_a_list_of_vulnerable_ones_is_found_whoever_signed_it() -> None:
    rows = [driver_loaded("WS1", at(), DRIVER, "Honest Ltd", Hashes="SHA256=" + "AB" * 32)]
    sentence = "driver is listed as vulnerable from 2021-05-01 (an advisory), learned 2021-06-01"
    key = r"\windows\system32\drivers\bus.sys"
    assert sentences("vulnerable_driver", rows, said(Kind.VULNERABLE, sha256="ab" * 32)) == [("ws1", key, sentence)]
    assert sentences("vulnerable_driver", rows, said(Kind.VULNERABLE, sha256="cd" * 32)) == []
