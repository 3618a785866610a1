from __future__ import annotations

import pytest

from lodger.cli.options import Format
from lodger.cli.render.ingest import complain_of_problems, print_ingest, totals
from lodger.model.ingest import IngestSummary, SourceReport

NEW = SourceReport("a.log", "zeek_tsv", 10, 9, 1, problem="line 10: 3 fields, 21 wanted")
KNOWN = SourceReport("b.log", "zeek_tsv", 1000, 1000, 0, already=True)


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        ((NEW,), "1 file, 10 records read = 9 stored + 1 kept aside"),
        (
            (NEW, KNOWN),
            "1 file, 10 records read = 9 stored + 1 kept aside; 1 file was known already: that adds nothing",
        ),
        ((KNOWN, KNOWN), "2 files were known already: that adds nothing"),
    ],
)
def test_the_counts_are_of_new_files_only(sources: tuple[SourceReport, ...], line: str) -> None:
    assert totals(IngestSummary(sources, ())) == line


def test_problems_are_lines_and_no_more_than_twenty(capsys: pytest.CaptureFixture[str]) -> None:
    complain_of_problems(IngestSummary((KNOWN, *[NEW] * 30), ("gone: no such file",)))
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["lodger: gone: no such file", "lodger: a.log: line 10: 3 fields, 21 wanted"]
    assert len(lines) == 21
    assert lines[-1] == ("lodger: ... and 11 more: `lodger ingest --format json` with the same paths lists all")


def test_a_file_name_is_no_command_for_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = SourceReport("\x1b]0;owned\x07.log", "", 0, 0, 0, problem="unknown")
    complain_of_problems(IngestSummary((hostile,), ()))
    print_ingest(IngestSummary((hostile,), ()), Format.CSV)
    out, err = capsys.readouterr()
    assert err == "lodger: [U+001B]]0;owned[U+0007].log: unknown\n"
    assert out.splitlines()[1] == "[U+001B]]0;owned[U+0007].log,,0,0,0,False,0,unknown"
