"""Suricata's EVE log: JSON objects with ``event_type`` and ``timestamp``, all types mixed in one file.

After Suricata's documentation (userguide, "Eve JSON Format") and its etc/schema.json; Suricata 4 to 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from lodger.model.tables import SURICATA
from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry import times
from lodger.telemetry.json_records import PARTS, Object, Record, records, sample
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.readers.windows_json import is_windows
from lodger.telemetry.readers.zeek_json import is_zeek
from lodger.telemetry.rows import BYTES, Rows

_TYPE: Final = "event_type"
_LONGEST_TYPE: Final = 256
_DEPTH: Final = 8
_COLUMNS: Final = {kind: {name.lower(): name for name in schema.names} for kind, schema in SURICATA.items()}

#: Lists of objects that become a list for each field: the fields with a column.
_SPREAD: Final = {
    "dns.answers": ("rrname", "rrtype", "ttl", "rdata"),
    "dns.queries": ("rrname", "rrtype"),
}

#: Fields of an EVE event beside its type and time; shippers and Windows exports have none of them on top.
_SIGNS: Final = ("flow_id", "src_ip", "dest_ip", "in_iface", "pcap_cnt", "stats", "engine", *SURICATA)


def _column(kind: str) -> Callable[[str], str | None]:
    columns = _COLUMNS.get(kind)
    if columns is None:
        return {_TYPE: _TYPE}.get
    return lambda name: columns.get(name.lower().replace(".", "_"))


def _leaves(prefix: str, value: Object, names: list[str], values: list[Any], depth: int = 0) -> None:
    """Append the leaves of nested objects with dotted names; what lies deeper than eight levels stays whole."""
    for name, inner in value.items():
        kind = type(inner)
        if kind is dict and depth < _DEPTH:
            _leaves(f"{prefix}{name}.", inner, names, values, depth + 1)
        elif kind is list and f"{prefix}{name}" in _SPREAD and {*map(type, inner)} == {dict}:
            _spread(f"{prefix}{name}", inner, names, values)
        else:
            names.append(prefix + name)
            values.append(inner)


def _spread(name: str, objects: list[Object], names: list[str], values: list[Any]) -> None:
    """Append a list of objects as a list for each field that has a column; whole beside, where they say more."""
    columns = _SPREAD[name]
    for column in columns:
        parts = [each.get(column) for each in objects]
        if any(part is not None for part in parts):
            names.append(f"{name}.{column}")
            values.append(parts)
    if not all(each.keys() <= set(columns) for each in objects):
        names.append(name)
        values.append(objects)


class _Tables:
    """Collects the events of one file, of many types, into batches per table."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tables: dict[str, Rows] = {}
        self._bytes = 0  # since all tables were last emptied

    def add(self, record: Record) -> Iterable[Aside | Batch]:
        """Take one event."""
        fields = record.value
        kind, when = fields.pop(_TYPE, None), fields.pop("timestamp", None)
        if not isinstance(kind, str) or not kind:
            return (Aside(record.number, "no event type", record.raw[:RAW]),)
        micros = times.iso(when) if isinstance(when, str) else None
        reason = times.why_not(when, micros)
        if reason is not None or micros is None:
            return (Aside(record.number, reason or "no time", record.raw[:RAW]),)
        names: list[str] = []
        values: list[Any] = []
        if kind not in SURICATA:
            names, values = [_TYPE], [kind[:_LONGEST_TYPE]]
        _leaves("", fields, names, values)
        rows = self._rows(kind)
        rows.add(record.number, micros, tuple(names), values, len(record.raw))
        if rows.full():
            return rows.take()
        self._bytes += len(record.raw)
        return self.rest() if self._bytes >= BYTES else ()

    def _rows(self, kind: str) -> Rows:
        table = f"suricata_{kind}" if kind in SURICATA else "suricata_other"
        rows = self._tables.get(table)
        if rows is None:
            rows = self._tables[table] = Rows(table, self._source, _column(kind))
        return rows

    def rest(self) -> Iterator[Batch]:
        """What is left, table by table."""
        self._bytes = 0
        for rows in self._tables.values():
            yield from rows.take()


def is_eve(record: Object) -> bool:
    """Whether a JSON object is an event of Suricata's EVE log."""
    return _TYPE in record and "timestamp" in record and not record.keys().isdisjoint(_SIGNS)


def _sniff(head: bytes) -> bool:
    found = list(sample(head))
    return any(map(is_eve, found)) and not any(is_windows(each) or is_zeek(each) for each in found)


def _read(source: SourceFile) -> Iterator[Item]:
    tables = _Tables(source.fingerprint)
    for record in records(source):
        if isinstance(record, Aside):
            yield record
        else:
            yield from tables.add(record)
    yield from tables.rest()


READER = Reader(
    name="suricata",
    title="Suricata EVE log (JSON)",
    maps="suricata_<event type> for the types that have a table, suricata_other for all others",
    sniff=_sniff,
    read=_read,
    parts=PARTS,
)
