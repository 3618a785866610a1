"""Zeek logs as JSON objects, one log per file or all mixed in one.

Which log a record is of stands in ``_path`` (the json-streaming-logs package), ``@path`` or ``@stream`` (Corelight and
others); where it stands nowhere, as in Zeek's own JSON files, it is inferred from fields that only one log has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.json_records import PARTS, Object, records, sample
from lodger.telemetry.reader import Reader
from lodger.telemetry.readers.windows_json import is_windows
from lodger.telemetry.zeek import ZeekRow, ZeekRows

_PATHS: Final = ("_path", "@path", "@stream")

#: Fields (dots as underscores) that together are found in one log only, the most telling first.
_TELLING: Final = (
    ("conn", ("conn_state",)),
    ("dns", ("query", "trans_id")),
    ("dns", ("qtype_name",)),
    ("dns", ("rejected", "proto")),
    ("http", ("trans_depth", "request_body_len")),
    ("ssl", ("resumed", "established")),
    ("ssl", ("cipher", "server_name")),
    ("x509", ("certificate_serial",)),
    ("x509", ("certificate.serial",)),
    ("files", ("fuid", "seen_bytes")),
    ("files", ("fuid", "analyzers")),
    ("dhcp", ("msg_types", "uids")),
    ("dhcp", ("assigned_addr",)),
    ("pe", ("machine", "is_exe")),
    ("pe", ("id", "section_names")),
    ("kerberos", ("request_type", "uid")),
    ("ntlm", ("domainname", "uid")),
    ("ntlm", ("server_nb_computer_name",)),
    ("smb_files", ("action", "name", "uid")),
    ("smb_mapping", ("share_type",)),
)
_SIGNS: Final = frozenset({"uid", "fuid", "id.orig_h", "id_orig_h", "conn_state", *_PATHS})


def _inferred(record: Object) -> str:
    """The log that a record without a path is of; "" where its fields do not tell."""
    for path, fields in _TELLING:
        if all(name in record for name in fields):
            return path
    return ""


def _spread(record: Object) -> Object:
    """The record with the objects in it (``id: {orig_h: ...}``) spread over dotted names."""
    if dict not in map(type, record.values()):
        return record
    flat: Object = {}
    for name, value in record.items():
        for inner, leaf in value.items() if isinstance(value, dict) else (("", value),):
            key = f"{name}.{inner}" if inner else name
            while key in flat:
                key += "#2"
            flat[key] = leaf
    return flat


def is_zeek(record: Object) -> bool:
    """Whether a JSON object is a row of a Zeek log."""
    if "ts" not in record:
        return False
    if next(iter(record)) == "ts" and type(record["ts"]) in {int, float}:
        return True  # as Zeek itself writes any log, known here or not
    fields = _spread(record)
    return not _SIGNS.isdisjoint(fields) or bool(_inferred(fields))


def _sniff(head: bytes) -> bool:
    found = list(sample(head))
    return any(map(is_zeek, found)) and not any(map(is_windows, found))


def _read(source: SourceFile) -> Iterator[Item]:
    rows = ZeekRows(source.fingerprint)
    for record in records(source):
        if isinstance(record, Aside):
            yield record
            continue
        fields = _spread(record.value)
        path, when = _path(fields), fields.get("ts")
        names, values = tuple(fields), list(fields.values())
        if when is not None:
            place = names.index("ts")
            names = names[:place] + names[place + 1 :]
            del values[place]
        yield from rows.add(record.number, ZeekRow(path, when, names, values), record.raw)
    yield from rows.rest()


def _path(fields: dict[str, Any]) -> str:
    for name in _PATHS:
        path = fields.get(name)
        if isinstance(path, str):
            return path
    return _inferred(fields)


READER = Reader(
    name="zeek_json",
    title="Zeek logs as JSON",
    maps="zeek_<path> for the logs that have a table, zeek_other for all others",
    sniff=_sniff,
    read=_read,
    parts=PARTS,
)
