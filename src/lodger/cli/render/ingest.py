"""What became of the files: a line for all, and a line for each that had a problem."""

from __future__ import annotations

from typing import Final

from lodger.cli.options import Format
from lodger.cli.render.data import as_csv, as_json, ingest_fields
from lodger.cli.terminal import complain, emit
from lodger.model.ingest import IngestSummary

#: Most problem lines; the JSON and CSV forms have all.
PROBLEMS: Final = 20
_COLUMNS: Final = ("name", "reader", "read", "stored", "aside", "already", "earlier", "problem")


def print_ingest(summary: IngestSummary, form: Format) -> None:
    """Print the result of an ingest on standard output; for people only the line for all."""
    if form is Format.JSON:
        emit(as_json(ingest_fields(summary)))
    elif form is Format.CSV:
        emit(as_csv(_COLUMNS, ingest_fields(summary)["sources"]))
    else:
        emit(f"{totals(summary)}\n")


def totals(summary: IngestSummary) -> str:
    """``3 files, 1,200 records read = 1,198 stored + 2 kept aside; 2 files were known already: that adds nothing``."""
    new = [source for source in summary.sources if not source.already]
    read, stored, aside = (sum(getattr(source, name) for source in new) for name in ("read", "stored", "aside"))
    line = f"{_files(len(new))}, {read:,} records read = {stored:,} stored + {aside:,} kept aside"
    if earlier := sum(source.earlier for source in new):
        line += f"; {earlier:,} more were known already from files read before"
    known = len(summary.sources) - len(new)
    if not known:
        return line
    were = "was" if known == 1 else "were"
    again = f"{_files(known)} {were} known already: that adds nothing"
    return f"{line}; {again}" if new else again


def complain_of_problems(summary: IngestSummary) -> None:
    """One line on standard error for each path or file that had a problem, :data:`PROBLEMS` at most."""
    lines = [*summary.problems, *(f"{each.name}: {each.problem}" for each in summary.sources if each.problem)]
    for line in lines[:PROBLEMS]:
        complain(line)
    if len(lines) > PROBLEMS:
        complain(f"... and {len(lines) - PROBLEMS:,} more: `lodger ingest --format json` with the same paths lists all")


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
