"""Drivers that Microsoft did not sign."""

from __future__ import annotations

from tests.analysis.records import SVCHOST, Process, Record, at, driver_loaded, finding, launched
from tests.evidence.signing import found

DRIVER = r"C:\Windows\System32\drivers\bus.sys"
KEY = r"\windows\system32\drivers\bus.sys"


def _host(version: str, signer: str | None) -> list[Record]:
    return [driver_loaded("WS1", at(), DRIVER, signer), launched(Process("WS1", SVCHOST), at(), FileVersion=version)]


def test_a_vendors_own_signature_on_a_system_that_takes_microsofts_alone_is_found() -> None:
    rows = _host("10.0.19041.1 (WinBuild.160101.0800)", "Acme Ltd")
    sentence = "driver signed by Acme Ltd, on Windows build 19041, which takes new drivers from Microsoft alone"
    assert found("foreign_driver", rows) == [finding("WS1", KEY, sentence, rows[:1])]


def test_an_older_system_and_microsofts_signature_are_not() -> None:
    assert found("foreign_driver", _host("10.0.10586.0 (th2_release.151029-1700)", "Acme Ltd")) == []
    assert found("foreign_driver", _host("6.1.7601.17514", "Acme Ltd")) == []
    publisher = "Microsoft Windows Hardware Compatibility Publisher"
    assert found("foreign_driver", _host("10.0.19041.1", publisher)) == []
    assert found("foreign_driver", _host("10.0.19041.1", None)) == []


def test_the_system_tells_its_build_on_another_day() -> None:
    rows = [
        driver_loaded("WS1", at(), DRIVER, "Acme Ltd"),
        launched(Process("WS1", SVCHOST), at(days=1), FileVersion="10.0.10586.0"),
        launched(Process("WS1", SVCHOST, "updated"), at(days=2), FileVersion="10.0.19041.1"),
    ]
    sentence = "driver signed by Acme Ltd, on Windows build 19041, which takes new drivers from Microsoft alone"
    assert found("foreign_driver", rows) == [finding("WS1", KEY, sentence, rows[:1])]
