"""Tables give back what was put in, and whoever reads them sees all of a commit or nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from deltalake import DeltaTable
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.errors import CaseError
from lodger.lake.tables import CHECKPOINT, Lake
from lodger.model.tables import CONTAINER, KEPT_ASIDE, LAKE, SOURCE, ZEEK

MOMENT = datetime.fromisoformat("2020-02-29T12:34:56.789012")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake.create(tmp_path / "case")


def value(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """What a column of this type may hold."""
    if pa.types.is_timestamp(kind):
        return st.datetimes(datetime.fromisoformat("1601-01-01"), datetime.fromisoformat("9999-12-31"))
    if pa.types.is_list(kind):
        return st.lists(value(kind.value_type), max_size=3)
    if pa.types.is_map(kind):
        return st.dictionaries(st.text(), st.text(), max_size=3).map(lambda entries: list(entries.items()))
    if pa.types.is_date(kind):
        return st.dates(date(1601, 1, 1), date(9999, 12, 31))
    return {
        pa.string(): st.text(),
        pa.binary(): st.binary(),
        pa.bool_(): st.booleans(),
        pa.int32(): st.integers(-(2**31), 2**31 - 1),
        pa.int64(): st.integers(-(2**63), 2**63 - 1),
        pa.float64(): st.floats(allow_nan=False),
    }[kind]


def rows(schema: pa.Schema) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of a schema; ``record`` tells them apart."""
    row = st.fixed_dictionaries(
        {field.name: value(field.type) if not field.nullable else st.none() | value(field.type) for field in schema}
    )
    return st.lists(row, min_size=1, max_size=8).map(
        lambda made: [one | {"record": place} if "record" in schema.names else one for place, one in enumerate(made)]
    )


def stored(lake: Lake, table: str) -> list[dict[str, Any]]:
    """What Delta's own reader finds in a table."""
    rows: list[dict[str, Any]] = DeltaTable(lake.root / "lake" / table).to_pyarrow_table().cast(LAKE[table]).to_pylist()
    return rows


@pytest.mark.parametrize("table", ["zeek_dns", "zeek_x509", "zeek_other", "kept_aside", "source", "container"])
def test_every_type_comes_back_as_it_went_in(table: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    schema = LAKE[table]

    @settings(max_examples=15, deadline=None)
    @given(rows(schema))
    def holds(made: list[dict[str, Any]]) -> None:
        lake = Lake.create(tmp_path_factory.mktemp("case"))
        lake.append(table, pa.Table.from_pylist(made, schema=schema), {})
        key = "record" if "record" in schema.names else None
        back = sorted(stored(lake, table), key=lambda row: row[key]) if key else stored(lake, table)
        assert back == made

    holds()


def test_every_table_of_the_model_can_be_written_and_has_its_days(lake: Lake) -> None:
    for table, schema in LAKE.items():
        row = {
            "source": "f", "record": 1, "time": MOMENT, "day": date(2020, 2, 29), "reason": "r",
            "name": "n", "container": "c", "reader": "", "bytes": 1, "read": 1, "stored": 1, "aside": 0,
            "ingested": MOMENT,
        }  # fmt: skip
        lake.append(table, pa.Table.from_pylist([row], schema=schema), {})
        (file,) = lake.files(table)
        assert Path(file).is_file()
        assert Path(file).is_relative_to(lake.root / "lake" / table)
        assert ("day=2020-02-29" in Path(file).parts) == ("day" in schema.names)
    assert lake.tables() == list(LAKE)


def test_a_commit_over_days_keeps_the_order_within_each(lake: Lake) -> None:
    days = [date(2021, 1, 1) + timedelta(days=number % 3) for number in range(30)]
    data = [{"source": "f", "record": number, "time": MOMENT, "day": day} for number, day in enumerate(days)]
    lake.append("zeek_dns", pa.Table.from_pylist(data, schema=ZEEK["dns"]), {"f": 29})
    for file in lake.files("zeek_dns"):
        day = date.fromisoformat(Path(file).parent.name.removeprefix("day="))
        records = ds.dataset(file, format="parquet").to_table()["record"].to_pylist()
        assert records == [number for number in range(30) if days[number] == day]


def test_a_commit_of_many_days_is_one_version_of_the_table(lake: Lake) -> None:
    data = [
        {
            "source": "f",
            "record": number,
            "time": MOMENT,
            "day": date(2021, 1, 1) + timedelta(days=number),
        }
        for number in range(50)
    ]
    lake.append("zeek_dns", pa.Table.from_pylist(data, schema=ZEEK["dns"]), {})
    delta = DeltaTable(lake.root / "lake" / "zeek_dns")
    assert (delta.version(), len(lake.files("zeek_dns")), delta.count()) == (1, 50, 50)


def test_marks_are_committed_with_the_rows(lake: Lake) -> None:
    row = pa.Table.from_pylist([{"source": "f", "record": 1, "reason": "r"}], schema=KEPT_ASIDE)
    assert lake.marks("kept_aside")("f") == 0
    lake.append("kept_aside", row, {"f": 5, "g": 2**62})
    before = lake.marks("kept_aside")
    lake.append("kept_aside", row, {"f": 9})
    after = lake.marks("kept_aside")
    assert [before("f"), before("g"), before("h")] == [5, 2**62, 0]
    assert [after("f"), after("g")] == [9, 2**62]


def test_a_table_without_rows_is_no_table_yet_and_reads_as_empty(lake: Lake) -> None:
    assert lake.tables() == []
    assert lake.files("source") == []
    assert lake.read("source") == SOURCE.empty_table()
    assert lake.read("container") == CONTAINER.empty_table()


def test_unknown_names_are_refused(lake: Lake) -> None:
    with pytest.raises(ValueError, match="no table 'nothing'"):
        lake.files("nothing")
    for name in ["../x", "", "A", "a/b", "a" * 64]:
        with pytest.raises(ValueError, match="not a name for a findings table"):
            lake.replace(name, pa.table({"a": [1]}))


def test_findings_are_replaced_whole_whatever_their_columns_were(lake: Lake) -> None:
    assert (lake.findings(), lake.findings_files("stay")) == ([], [])
    lake.replace("stay", pa.table({"a": [1, 2], "at": pa.array([0, 1], pa.timestamp("us"))}))
    second = pa.table({"b": ["x"], "times": pa.array([[0]], pa.list_(pa.timestamp("us")))})
    lake.replace("stay", second)
    assert lake.findings() == ["stay"]
    assert lake.findings_schema("stay").equals(second.schema)
    assert ds.dataset(lake.findings_files("stay"), format="parquet").to_table().equals(second)
    lake.replace("stay", second.schema.empty_table())
    assert [ds.dataset(file, format="parquet").count_rows() for file in lake.findings_files("stay")] in ([], [0])


def test_the_files_and_columns_of_findings_are_those_of_one_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Lake.create(tmp_path / "case")
    theirs = Lake(tmp_path / "case")
    ours.replace("stay", pa.table({"a": [1]}))
    refreshed = DeltaTable.update_incremental

    def then_replaced(table: DeltaTable) -> None:
        refreshed(table)
        monkeypatch.undo()
        theirs.replace("stay", pa.table({"b": ["x"]}))

    monkeypatch.setattr(DeltaTable, "update_incremental", then_replaced)
    (file,), schema = ours.findings_held("stay")
    assert ds.dataset(file, format="parquet").schema.names == schema.names == ["a"]


def test_who_reads_findings_while_they_are_replaced_still_finds_the_old_files(lake: Lake) -> None:
    lake.replace("stay", pa.table({"a": [1]}))
    (old,) = lake.findings_files("stay")
    lake.replace("stay", pa.table({"a": [2]}))
    assert ds.dataset(old, format="parquet").to_table()["a"].to_pylist() == [1]


def test_what_another_process_commits_is_seen_by_whoever_has_the_table_open(tmp_path: Path) -> None:
    ours = Lake.create(tmp_path / "case")
    theirs = Lake(tmp_path / "case")
    row = pa.Table.from_pylist([{"source": "f", "record": 1, "reason": "r"}], schema=KEPT_ASIDE)
    for count in range(1, 2 * CHECKPOINT + 3):
        theirs.append("kept_aside", row, {})
        assert len(ours.live("kept_aside")) == count
    files = ours.live("kept_aside")
    theirs.swap("kept_aside", files, [theirs.rewrite("kept_aside", files)])
    assert ours.files("kept_aside") == Lake(ours.root).files("kept_aside")
    assert [file.rows for file in ours.live("kept_aside")] == [2 * CHECKPOINT + 2]
    ours.append("kept_aside", row, {})
    assert len(theirs.files("kept_aside")) == 2


def test_a_table_that_was_deleted_and_made_anew_is_read_anew(tmp_path: Path) -> None:
    ours = Lake.create(tmp_path / "case")
    theirs = Lake(tmp_path / "case")
    for count in range(3):
        theirs.replace("stay", pa.table({"a": [count]}))
        assert ours.findings_table("stay")["a"].to_pylist() == [count]
    theirs.forget("stay")
    assert ours.findings_files("stay") == []
    theirs.replace("stay", pa.table({"b": ["x"]}))
    assert ours.findings_table("stay").to_pylist() == [{"b": "x"}]
    assert ours.findings_schema("stay").names == ["b"]


def test_a_year_of_analyses_leaves_a_commit_each_little_to_read_and_no_replaced_file(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for count in range(3 * CHECKPOINT):
        lake.replace("stay", pa.table({"a": [count]}))
    root = lake.root / "findings" / "stay"
    assert DeltaTable(root).version() == 3 * CHECKPOINT - 1
    last = max(int(file.name[:20]) for file in (root / "_delta_log").glob("*.checkpoint.parquet"))
    assert 3 * CHECKPOINT - 1 - last <= CHECKPOINT
    assert len(list(root.glob("*.parquet"))) == 3 * CHECKPOINT  # whoever reads them has a day
    monkeypatch.setattr("lodger.lake.tables.KEEP_REPLACED_HOURS", 0)
    lake.replace("stay", pa.table({"a": [-1]}))
    (left,) = root.glob("*.parquet")
    assert lake.findings_files("stay") == [str(left)]
    assert lake.findings_table("stay")["a"].to_pylist() == [-1]


def test_a_damaged_table_is_a_case_error_that_names_it(lake: Lake) -> None:
    row = pa.Table.from_pylist([{"source": "f", "record": 1, "reason": "r"}], schema=KEPT_ASIDE)
    lake.append("kept_aside", row, {})
    for entry in (lake.root / "lake" / "kept_aside" / "_delta_log").glob("*.json"):
        entry.write_text("not a log\n")
    for access in (lambda: lake.files("kept_aside"), lambda: lake.append("kept_aside", row, {})):
        with pytest.raises(CaseError, match="kept_aside cannot be"):
            access()


def test_a_table_killed_before_its_first_commit_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    lake = Lake.create(tmp_path / "case")
    for root in (lake.root / "lake" / "source", lake.root / "findings" / "ranked"):
        (root / "_delta_log").mkdir(parents=True)
    assert (lake.tables(), lake.findings(), lake.files("source"), lake.live("source")) == ([], [], [], [])
    assert lake.marks("source")("any") == 0
    assert lake.read("source").num_rows == 0
