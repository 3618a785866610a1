"""Sigma's rules for Windows, converted to SQLite by pySigma's backend, and run over a fleet's own events.

Rules are functions of one event, so that events which agree in all fields that any rule of their kind asks for are put
to them once, and counted as often as they are: the hits are those of every event.
"""

from __future__ import annotations

import io
import os
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa
from sigma.backends.sqlite.sqlite import sqliteBackend
from sigma.exceptions import SigmaError
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaRule

from lodger.engine.duckdb import DuckDB
from lodger.lake.tables import Lake
from lodger.model.tables import LAKE

_SYSMON: Final = "Channel LIKE '%Sysmon/Operational' AND EventID"
_TABLE: Final = "SELECT * FROM logs WHERE "

#: Which events a rule of a category or a service asks for: Sysmon's own ids, as pySigma's pipeline for Sysmon has them
#: (pySigma-pipeline-sysmon 2.0), and Windows' channels.
KINDS: Final = {
    "process_creation": f"{_SYSMON} = 1",
    "file_change": f"{_SYSMON} = 2",
    "network_connection": f"{_SYSMON} = 3",
    "process_termination": f"{_SYSMON} = 5",
    "driver_load": f"{_SYSMON} = 6",
    "image_load": f"{_SYSMON} = 7",
    "create_remote_thread": f"{_SYSMON} = 8",
    "raw_access_thread": f"{_SYSMON} = 9",
    "process_access": f"{_SYSMON} = 10",
    "file_event": f"{_SYSMON} = 11",
    "registry_add": f"{_SYSMON} = 12 AND EventType = 'CreateKey'",
    "registry_delete": f"{_SYSMON} = 12 AND EventType IN ('DeleteKey', 'DeleteValue')",
    "registry_set": f"{_SYSMON} = 13",
    "registry_rename": f"{_SYSMON} = 14",
    "registry_event": f"{_SYSMON} IN (12, 13, 14)",
    "create_stream_hash": f"{_SYSMON} = 15",
    "pipe_created": f"{_SYSMON} IN (17, 18)",
    "wmi_event": f"{_SYSMON} IN (19, 20, 21)",
    "dns_query": f"{_SYSMON} = 22",
    "file_delete": f"{_SYSMON} IN (23, 26)",
    "process_tampering": f"{_SYSMON} = 25",
    "file_block_executable": f"{_SYSMON} = 27",
    "file_executable_detected": f"{_SYSMON} = 29",
    "ps_script": "Channel LIKE '%PowerShell/Operational' AND EventID = 4104",
    "ps_module": "Channel LIKE '%PowerShell/Operational' AND EventID = 4103",
    "sysmon": "Channel LIKE '%Sysmon/Operational'",
    "security": "Channel = 'Security'",
    "system": "Channel = 'System'",
    "application": "Channel = 'Application'",
    "codeintegrity-operational": "Channel LIKE '%CodeIntegrity/Operational'",
    "taskscheduler": "Channel LIKE '%TaskScheduler/Operational'",
    "windefend": "Channel LIKE '%Windows Defender/Operational'",
    "bits-client": "Channel LIKE '%Bits-Client/Operational'",
    "wmi": "Channel LIKE '%WMI-Activity/Operational'",
}

#: Fields that rules name otherwise than the lake.
_FIELDS: Final = {"Provider_Name": "Provider"}
#: Who did it, by the first of these that an event has.
_ACTORS: Final = ("Image", "SourceImage", "NewProcessName", "ProcessName", "Application", "ImagePath")
#: Whom else it names as what ran or was loaded: a hit counts for both.
_OTHERS: Final = {1: "ParentImage", 6: "ImageLoaded", 7: "ImageLoaded"}


@dataclass(frozen=True)
class Rule:
    """One rule that could be converted: its condition on table ``logs``, and the fields that it asks for."""

    name: str
    level: str
    kind: str
    condition: str
    fields: frozenset[str]


@dataclass(frozen=True)
class Rules:
    """All that could be converted, how many rules for Windows there are, and why others could not be."""

    rules: tuple[Rule, ...]
    windows: int
    left_out: Counter[str]


@dataclass(frozen=True)
class Hit:
    """So many hits of one rule on one host and UTC day; ``program`` is "" for all of the host's together."""

    rule: Rule
    host: str
    day: int
    program: str
    count: int


def archive() -> Path:
    """The rules of the Sigma project. Raises FileNotFoundError where they are not at hand."""
    shared = Path(os.environ.get("LODGER_DATA", Path(__file__).parents[4] / "shared" / "data"))
    path = shared / "sigma" / "rules.zip"
    if not path.is_file():
        raise FileNotFoundError(f"no {path}: set LODGER_DATA to the folder that has sigma/rules.zip")
    return path


@cache
def converted(path: Path) -> Rules:
    """Convert every rule for Windows in an archive of YAML files."""
    rules, windows, left_out = [], 0, Counter[str]()
    for text in _texts(path.read_bytes()):
        try:
            rule = SigmaRule.from_yaml(text)
        except SigmaError:
            left_out["not a rule that pySigma reads"] += 1
            continue
        if rule.logsource.product != "windows":
            continue
        windows += 1
        kind = rule.logsource.category or rule.logsource.service or ""
        try:
            queries: list[str] = sqliteBackend().convert_rule(rule)  # type: ignore[no-untyped-call]
        except SigmaError as error:
            left_out[type(error).__name__] += 1
            continue
        if kind not in KINDS:
            left_out["of a log that no record is of"] += 1
            continue
        conditions = [_condition(query) for query in queries]
        fields = frozenset(field for found in rule.detection.detections.values() for field in _fields(found))
        rules.append(Rule(str(rule.id), str(rule.level or "").lower(), kind, " OR ".join(conditions), fields))
    return Rules(tuple(rules), windows, left_out)


def _texts(packed: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(packed)) as members:
        for name in sorted(members.namelist()):
            if name.endswith((".yml", ".yaml")):
                yield members.read(name).decode()


def _condition(query: str) -> str:
    if not query.startswith(_TABLE):
        raise ValueError(f"not a plain query: {query[:60]}")
    return f"({query.removeprefix(_TABLE)})"


def _fields(found: SigmaDetection) -> Iterator[str]:
    for item in found.detection_items:
        if isinstance(item, SigmaDetectionItem):
            if item.field:
                yield item.field
        else:
            yield from _fields(item)


def hits(rules: Rules, lake: Lake, start: str) -> list[Hit]:
    """All hits on the events of a lake; ``start`` is the day that counts as 0 (ISO 8601)."""
    engine = DuckDB(lake.spool / "sigma")
    try:
        engine.scan("windows_event", lake.files("windows_event"), LAKE["windows_event"])
        by_kind: dict[str, list[Rule]] = {}
        for rule in rules.rules:
            by_kind.setdefault(rule.kind, []).append(rule)
        return [hit for kind, its in by_kind.items() for hit in _of_kind(engine, kind, its, start)]
    finally:
        engine.close()


def _of_kind(engine: DuckDB, kind: str, rules: list[Rule], start: str) -> Iterator[Hit]:
    fields = sorted(frozenset().union(*(rule.fields for rule in rules)))
    engine.create("asked", _events(kind, fields))
    columns = ", ".join(_quoted(f"f_{name}") for name in fields)
    distinct = f"SELECT DISTINCT ON (key) key{', ' * bool(fields)}{columns} FROM asked"  # noqa: S608
    found = list(_matched(engine.stream(distinct), fields, rules))
    numbers, keys = ([each[0] for each in found], [each[1] for each in found])
    engine.load("hit", pa.table({"rule": pa.array(numbers, pa.int32()), "key": pa.array(keys, pa.string())}))
    for programs in ("list_distinct([actor, other])", "['']"):
        query = f"""
            SELECT rule, host, date_diff('day', DATE '{start}', day) AS day, program,
                CAST(sum(events) AS BIGINT) AS count
            FROM (SELECT a.*, h.rule, unnest({programs}) AS program FROM hit AS h JOIN asked AS a ON a.key = h.key) AS m
            GROUP BY ALL
        """  # noqa: S608
        for row in engine.query(query).to_pylist():
            yield Hit(**{**row, "rule": rules[row["rule"]]})


def _events(kind: str, fields: list[str]) -> str:
    """Events of a kind, those that agree in these fields, host, day and program together; ``key`` is of the fields."""
    known = {name.casefold(): name for name in LAKE["windows_event"].names}
    told = []
    for name in fields:
        column = known.get(_FIELDS.get(name, name).casefold())
        value = f"CAST({_quoted(column)} AS VARCHAR)" if column else f"other[{_literal(name)}]"
        told.append(f"{value} AS " + _quoted(f"f_{name}"))
    actor = f"COALESCE({', '.join(_quoted(name) if name in known.values() else _other(name) for name in _ACTORS)})"
    cases = " ".join(f"WHEN {number} THEN {_quoted(name)}" for number, name in _OTHERS.items())
    inner = ", ".join(
        [
            *told,
            "lower(split_part(Computer, '.', 1)) AS host",
            "day",
            f"{actor} AS actor",
            f"CASE EventID {cases} END AS other",
        ]
    )
    parts = "".join(", COALESCE(" + _quoted(f"f_{name}") + ", chr(2))" for name in fields)
    key = f"md5(concat_ws(chr(1), ''{parts}))"
    return f"""
        SELECT *, {key} AS key, COUNT(*) AS events
        FROM (SELECT {inner} FROM windows_event WHERE {KINDS[kind]}) GROUP BY ALL
    """  # noqa: S608


def _matched(rows: Iterator[pa.RecordBatch], fields: list[str], rules: list[Rule]) -> Iterator[tuple[int, str]]:
    """Number of rule and key of event, for every rule that an event meets."""
    table = sqlite3.connect(":memory:")
    try:
        table.create_function("regexp", 2, _regexp, deterministic=True)
        columns = "".join(f", {_quoted(name)} TEXT COLLATE NOCASE" for name in fields)
        table.execute(f"CREATE TABLE logs (event_key TEXT{columns})")
        marks = ", ".join("?" * (1 + len(fields)))
        for batch in rows:
            table.executemany(
                f"INSERT INTO logs VALUES ({marks})",  # noqa: S608
                zip(*(column.to_pylist() for column in batch.columns), strict=True),
            )
        for number, rule in enumerate(rules):
            for (key,) in table.execute(f"SELECT event_key FROM logs WHERE {rule.condition}"):  # noqa: S608
                yield number, key
    finally:
        table.close()


def _regexp(pattern: str, text: str | None) -> bool:
    return text is not None and _compiled(pattern).search(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _other(name: str) -> str:
    return f"other[{_literal(name)}]"
