"""On real telemetry, the readers' own: every record of every file is in the lake, and in it once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from lodger.lake.ingest import ingest
from lodger.lake.tables import Lake
from lodger.model.ingest import Silent
from lodger.model.tables import TELEMETRY


def rows_by_file(lake: Lake, tables: list[str]) -> Counter[str]:
    """How many rows the tables hold of each file, and no record of one twice."""
    found: Counter[str] = Counter()
    for table in tables:
        data = ds.dataset(lake.files(table), format="parquet").to_table(columns=["source", "record"])
        pairs = list(zip(data["source"].to_pylist(), data["record"].to_pylist(), strict=True))
        if table != "kept_aside":
            assert len(set(pairs)) == len(pairs)
        found.update(source for source, _ in pairs)
    return found


@pytest.mark.parametrize("folder", ["otrf/LSASS_campaign_01", "zeek", "evtx"])
def test_read_is_stored_and_kept_aside_in_the_summary_and_in_the_tables(
    tmp_path: Path, shared_data: Path, folder: str
) -> None:
    lake = Lake.create(tmp_path / "case")
    summary = ingest(lake, [shared_data / folder], Silent())
    new = [report for report in summary.sources if not report.already]
    assert sum(report.read for report in new) > 1000
    assert all(report.read == report.stored + report.aside for report in new)
    tables = lake.tables()
    stored = rows_by_file(lake, [table for table in tables if table in TELEMETRY])
    aside = rows_by_file(lake, [table for table in tables if table == "kept_aside"])
    sources = lake.read("source").to_pylist()
    assert sorted((row["name"], row["stored"], row["aside"]) for row in sources) == sorted(
        (report.name, report.stored, report.aside) for report in new
    )
    assert {row["source"]: (row["stored"], row["aside"]) for row in sources} == {
        row["source"]: (stored[row["source"]], aside[row["source"]]) for row in sources
    }
    again = ingest(lake, [shared_data / folder], Silent())
    assert all(report.already for report in again.sources)
    assert [report.name for report in again.sources] == [report.name for report in summary.sources]


def test_a_case_among_its_own_logs_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text('{"EventID": 1, "Channel": "Security", "@timestamp": "2021-01-01T00:00:00Z"}\n')
    lake = Lake.create(tmp_path / "lodger-case")
    for _ in range(2):
        summary = ingest(lake, [tmp_path], Silent())
        assert ([Path(report.name).name for report in summary.sources], summary.problems) == (["log.json"], ())
