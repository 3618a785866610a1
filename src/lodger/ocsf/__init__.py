"""What the records mean: one SQL view per OCSF event class, a union over the sensors that can tell.

A view ``X`` is the file ``X.sql``; its columns are OCSF's attribute paths with underscores (``process.file.path`` ->
``process_file_path``; schema.ocsf.io, version 1.6). Every row has ``ref``, the raw record behind it
(``source:record``), and ``time``, UTC. Files that begin with an underscore are steps on the way there.
"""

from __future__ import annotations

from functools import partial
from importlib import resources
from ipaddress import ip_address
from typing import Final

import pyarrow as pa

from lodger.engine import Engine
from lodger.engine.together import Task, together
from lodger.model.tables import COUNT, TEXT

_NUMBERS: Final = pa.schema([("text", TEXT), ("value", COUNT)])
_ADDRESSES: Final = pa.schema([("text", TEXT), ("value", TEXT)])


def _number(text: str) -> int | None:
    try:
        value = int(text, 0)
    except ValueError:
        return None
    return value if 0 <= value < 2**63 else None


def numbers(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (text) -> (text, value): the number that ``0x1F`` or ``31`` says, None for anything else."""
    texts = batch.column("text").to_pylist()
    return pa.RecordBatch.from_arrays([batch.column("text"), pa.array(map(_number, texts), COUNT)], schema=_NUMBERS)


def _address(text: str) -> str | None:
    try:
        return ip_address(text).packed.hex()
    except ValueError:
        return None


def addresses(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Kernel: rows of (text) -> (text, value): an IP address as 8 or 32 hexadecimal digits, None for anything else."""
    texts = batch.column("text").to_pylist()
    return pa.RecordBatch.from_arrays([batch.column("text"), pa.array(map(_address, texts), TEXT)], schema=_ADDRESSES)


def _sql(name: str) -> str:
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


def classes() -> list[str]:
    """The names of all event classes, sorted."""
    files = (file.name for file in resources.files(__name__).iterdir())
    return sorted(name.removesuffix(".sql") for name in files if name.endswith(".sql") and not name.startswith("_"))


#: Classes whose rows are of connections. Their files give the sensor's own Community ID
#: (``connection_community_given``); ``_community.sql``, written for the first of them, adds the computed one, and
#: ``_alone.sql`` spares an analysis the work where one network sensor has none to be compared with.
_CONNECTIONS: Final = ("network_activity", "http_activity", "tls_activity")


def _linked(name: str, how: str) -> str:
    return _sql(how).replace(f"_{_CONNECTIONS[0]}", f"_{name}")


def host_names(engine: Engine, names: pa.Table) -> None:
    """Make ``_host_name``: which host each of ``names`` (column ``name``) is."""
    engine.load("_known_name", names)
    engine.create("_host_name", _sql("_host_name"))


def said_names(engine: Engine) -> pa.Table:
    """The names by which the hosts of the telemetry on ``engine`` call themselves: column ``name``."""
    return engine.query(_sql("_said_name"))


def define(engine: Engine, *, keep: bool = False, names: pa.Table | None = None) -> None:
    """Make every event class readable on ``engine``, whose telemetry tables have been scanned.

    ``keep`` computes every class once, for whoever will read them many times. ``names`` are those by which the
    fleet's hosts call themselves, where the telemetry on ``engine`` is a part of what is known.
    """
    engine.map("_hexadecimal_value", _sql("_hexadecimal"), numbers, _NUMBERS)
    engine.create("_windows_clock", _sql("_windows_clock"))
    host_names(engine, said_names(engine) if names is None else names)
    engine.view("_windows", _sql("_windows"))
    engine.view("_nfstream_flow", _sql("_nfstream_flow"))
    engine.view("_capture_flow", _sql("_capture_flow"))
    engine.view("_zeek_open", _sql("_zeek_open"))
    engine.view("_artifact", _sql("_artifact"))
    (engine.create if keep else engine.view)("_file_signature", _sql("_file_signature"))
    engine.view("_suricata_flow", _sql("_suricata_flow"))
    engine.create("_suricata_reused", _sql("_suricata_reused"))
    for name in _CONNECTIONS:
        engine.view(f"_{name}", _sql(name))
    how = "_alone" if keep and engine.query(_sql("_network_sensor")).num_rows < 2 else "_community"
    if how == "_community":
        engine.map("_address_value", _sql("_address"), addresses, _ADDRESSES)
    selects = {name: _linked(name, how) if name in _CONNECTIONS else _sql(name) for name in classes()}
    if keep:
        tasks = [Task(name, select, partial(engine.create, name, select)) for name, select in selects.items()]
        together(engine, tasks)
        return
    for name, select in selects.items():
        engine.view(name, select)
