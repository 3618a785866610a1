"""Every file of the real data is read, and every record accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lodger.model.telemetry import Aside, Batch, SourceFile
from lodger.telemetry.discovery import claims
from lodger.telemetry.reader import HEAD
from lodger.telemetry.sources import Problem, find

BIG = 30_000_000  # unpacked; one of each kind is read whole below


def files(folder: Path, spool: Path) -> Iterator[SourceFile]:
    assert folder.is_dir()
    for found in find([folder], spool, lambda _: False):
        if isinstance(found, SourceFile):
            yield found
        else:
            assert isinstance(found, Problem)
            assert "__MACOSX" in found.path, found


def kept(source: SourceFile) -> tuple[str, Counter[str], Counter[str], list[int], list[str]]:
    """Reader, rows by table, reasons, record numbers and stops of one file."""
    with source.path.open("rb") as file:
        known = claims(file.read(HEAD))
    assert len(known) <= 1, (source.name, known)
    reader = known[0] if known else None
    rows: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    numbers: list[int] = []
    stops: list[str] = []
    for item in reader.read(source) if reader else ():
        if isinstance(item, Batch):
            rows[item.table] += item.data.num_rows
            numbers += item.data["record"].to_pylist()
        elif isinstance(item, Aside):
            reasons[item.reason] += 1
            numbers.append(item.record)
        else:
            stops.append(item)
    return reader.name if reader else "", rows, reasons, numbers, stops


def expected(reader: str, source: SourceFile) -> list[int] | None:
    """The records that a line format must account for; None for other formats."""
    if reader not in {"zeek_tsv", "zeek_json", "windows_json", "suricata"}:
        return None
    lines = source.path.read_bytes().split(b"\n")
    if lines[0].strip() == b"{":
        return None
    return [
        n for n, line in enumerate(lines, 1) if line.strip() and not (reader == "zeek_tsv" and line.startswith(b"#"))
    ]


@pytest.mark.parametrize("folder", ["evtx", "zeek", "suricata", "otrf/atomic", "otrf/apt29"])
def test_every_record_is_stored_or_aside(shared_data: Path, tmp_path: Path, folder: str) -> None:
    seen: Counter[str] = Counter()
    for source in files(shared_data / folder, tmp_path):
        if source.size > BIG:
            continue
        reader, rows, reasons, numbers, _ = kept(source)
        seen[reader] += 1
        wanted = expected(reader, source)
        assert len(set(numbers)) == len(numbers) == rows.total() + reasons.total(), source.name
        assert sorted(numbers) == (list(range(1, len(numbers) + 1)) if wanted is None else wanted), source.name
        if reader == "windows_json":
            assert not reasons, source.name
    assert {
        "evtx": {"evtx"},
        "zeek": {"", "zeek_tsv", "zeek_json"},
        "suricata": {"suricata"},
        "otrf/atomic": {"windows_json", "pcap"},
    }.get(folder, {"zeek_json"}) == set(seen)


def test_a_campaign_as_its_sensors_told_it(shared_data: Path, tmp_path: Path) -> None:
    total: Counter[str] = Counter()
    for source in files(shared_data / "otrf" / "LSASS_campaign_01", tmp_path):
        _, rows, reasons, _, stops = kept(source)
        assert (reasons, stops) == (Counter(), []), source.name
        total += rows
    assert total["windows_event"] == 53_698
    assert total["zeek_conn"] == 112
    assert total["zeek_dns"] == 96


def test_the_community_rules_own_samples_agree_in_both_formats(
    shared_data: Path, tmp_path: Path, reading_file: Callable[[str, Path], Any]
) -> None:
    """The same event as EVTX and as JSON gives the same row."""
    pairs: dict[str, dict[str, dict[str, Any]]] = {}
    for source in find([shared_data / "sigma" / "regression.zip"], tmp_path, lambda _: False):
        if not isinstance(source, SourceFile) or not source.name.endswith((".evtx", ".json")):
            continue
        reader = "evtx" if source.name.endswith(".evtx") else "windows_json"
        rows = reading_file(reader, source.path).rows.get("windows_event", [])
        if len(rows) == 1:
            pairs.setdefault(source.name.rsplit(".", 1)[0], {})[reader] = rows[0]
    both = [pair for pair in pairs.values() if len(pair) == 2]
    assert len(both) > 50
    differing = [pair for pair in both if _stripped(pair["evtx"]) != _stripped(pair["windows_json"])]
    assert len(differing) <= 1, "one was edited by hand"


def _stripped(row: dict[str, Any]) -> dict[str, Any]:
    """A row without the spaces at the ends of its texts, which older dumps lost."""
    return {name: value.strip() if isinstance(value, str) else value for name, value in row.items()}
