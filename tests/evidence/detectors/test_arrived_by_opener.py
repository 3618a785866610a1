"""Arrival by download or document."""

from __future__ import annotations

from contextlib import closing

from tests.analysis.records import CHROME, Process, analysed, at, finding, findings, launched, marked, wrote

FILE = r"C:\Users\ann\Downloads\invoice.exe"
KEY = r"\users\*\downloads\invoice.exe"
WROTE = f"chrome.exe wrote {FILE}, then it ran"


def test_a_program_that_a_browser_wrote_and_that_then_ran_is_found() -> None:
    chrome, invoice = Process("WS1", CHROME), Process("WS1", FILE)
    written = wrote(chrome, at(hours=10), FILE)
    mark = marked(chrome, at(hours=10, seconds=1), FILE)
    rows = [launched(chrome, at(hours=9)), written, mark, launched(invoice, at(hours=11))]
    with closing(analysed(rows)) as engine:
        assert findings(engine, "arrived_by_opener") == [finding("WS1", KEY, WROTE, [written, mark])]
