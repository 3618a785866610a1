"""What the structural walk found: a block of lines per file for people, an array for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from rich.padding import Padding
from rich.text import Text

from lodger.cli.render.data import FORMAT_VERSION, as_json
from lodger.cli.terminal import complain, draw, emit, hostile
from lodger.disguise import Finding, Inspected, Inspection, Verdict
from lodger.telemetry.walk import display

#: Most findings of one file that people are shown; the JSON form has all.
SHOWN: Final = 8


def print_inspected(inspected: Inspected, *, as_table: bool) -> None:
    """Print the files with findings for people; for programs all that were looked at."""
    if as_table:
        draw(*_parts(inspected))
    else:
        emit(as_json([inspection_fields(each) for each in inspected.files]))


def tell_inspected(inspected: Inspected) -> None:
    """How many files of each verdict there are, how many are of no kind that is looked at, and what was not read."""
    for each in inspected.unread:
        complain(f"{display(each.file)}: {each.reason}")
    verdicts = Counter(each.verdict for each in inspected.files)
    told = [f"{verdicts[verdict]:,} {verdict.value}" for verdict in Verdict if verdicts[verdict]]
    passed = f"{inspected.passed:,} of other kinds passed over"
    complain(f"{len(inspected.files):,} files looked at ({', '.join(told) or 'none'}), {passed}")


def inspection_fields(inspection: Inspection) -> dict[str, Any]:
    """One file with its findings."""
    return {
        "format_version": FORMAT_VERSION,
        "file": display(inspection.file),
        "kind": inspection.kind,
        "size": inspection.size,
        "verdict": inspection.verdict.value,
        "findings": [finding_fields(each) for each in inspection.findings],
    }


def finding_fields(finding: Finding) -> dict[str, Any]:
    """One finding."""
    return {
        "kind": finding.kind,
        "verdict": finding.verdict.value,
        "offset": finding.offset,
        "length": finding.length,
        "entropy": finding.entropy,
        "chance": finding.chance,
        "sentence": finding.sentence,
    }


def _parts(inspected: Inspected) -> Iterator[Text | Padding]:
    for each in inspected.files:
        if not each.findings:
            continue
        yield hostile(f"{each.verdict.value}: {display(each.file)} ({each.kind}, {each.size:,} bytes)", 400, "bold")
        for finding in each.findings[:SHOWN]:
            yield Padding(hostile(f"at {finding.offset:,}: {finding.sentence}", 400), (0, 0, 0, 2))
        if len(each.findings) > SHOWN:
            yield Text(f"  ... and {len(each.findings) - SHOWN:,} more: --format json has all", style="dim")
