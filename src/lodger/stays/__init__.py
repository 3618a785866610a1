"""From events to lives: processes, lineage, contacts, rollups by day, and the stays folded from them.

In two parts. :func:`gather` reads the events of some days and gives what is kept of them (:data:`KEPT`): rollups by
day, and what was said and done once. It knows of the days before only what they handed on (:data:`CARRIED`), so that
the work is that of these days alone. :func:`fold` puts together what was kept of all days, and reads no events.

The steps are the SQL files beside this one, run as if in the order of :data:`EVENT_STEPS` and :data:`LIFE_STEPS`; each
makes the table of its name. Where a step needs a function that SQL dialects lack (naming a path), a kernel maps its
rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import resources
from typing import Final

import pyarrow as pa

from lodger.engine import Engine, Kernel
from lodger.engine.together import Task, together
from lodger.model.ingest import Progress, Silent
from lodger.model.tables import COUNT, TEXT, TIME
from lodger.stays import marks, naming

#: Of events, and of what the days before them handed on.
EVENT_STEPS: Final = (
    "process",
    "instance",
    "program_name",
    "host_connection",
    "file_name",
    "lineage",
    "acting",
    "answers_for",
    "sensor_flow",
    "sensor_clock",
    "flow_member",
    "flow",
    "flow_activity",
    "clock_pair",
    "network_clock",
    "clock_anchor",
    "clock_day",
    "flow_owner",
    "machine_logon",
    "name_said",
    "host_alias",
    "host_claim",
    "claim_known",
    "host_address",
    "address_day",
    "resolution",
    "inside_address",
    "contact_event",
    "contact_certificate",
    "command_name",
    "stay_contact",
    "stay_call",
    "contact_day",
    "call_day",
    "contact_sum",
    "lookup",
    "lookup_sum",
    "certificate_shown",
    "program_day",
    "program_image",
    "host_day",
    "client_mark",
    "contact_file",
    "seat_hour",
    "signature_said",
    "autostart",
    "own_file",
    "kind_day",
    "coverage_day",
    "sensing_change",
)

#: Of those, what is kept of the events of some days.
KEPT: Final = (
    "clock_day",
    "host_claim",
    "contact_day",
    "call_day",
    "contact_sum",
    "lookup_sum",
    "certificate_shown",
    "program_day",
    "program_image",
    "host_day",
    "client_mark",
    "seat_hour",
    "signature_said",
    "autostart",
    "own_file",
    "kind_day",
    "coverage_day",
    "sensing_change",
)

#: Kept tables whose rows may be put together before all are there -> the step that does so, in the same columns.
MERGED: Final = {
    "signature_said": "signature",
    "program_image": "image",
    "contact_sum": "contact_merged",
    "lookup_sum": "lookup_merged",
}

#: What days hand on to the days after them: step ``next_<name>`` makes it, and there it is table ``earlier_<name>``.
CARRIED: Final[dict[str, pa.Schema]] = {
    "instance": pa.schema(
        [
            *((name, TEXT) for name in ("host", "uid")), ("pid", COUNT),
            *((name, TEXT) for name in ("path", "cmd_line", "user_name")), ("last_seen", TIME),
            *((name, TEXT) for name in ("parent_uid", "hashes", "original_name", "company_name")),
        ]
    ),
    "claim": pa.schema(
        [
            ("ip", TEXT), ("host", TEXT), ("rank", pa.int32()), ("word", TEXT), ("day", pa.date32()),
            *((name, TIME) for name in ("since", "until", "held", "reached")), ("words", COUNT),
        ]
    ),
    "name": pa.schema([("name", TEXT), ("realm", pa.int32())]),
    "anchor": pa.schema(
        [
            ("host", TEXT), ("day", pa.date32()), ("pairs", COUNT), ("ahead_seconds", pa.float64()), ("second", COUNT),
            ("drift", pa.float64()),
        ]
    ),
    "network_clock": pa.schema([("host", TEXT), ("pairs", COUNT), ("ahead_seconds", pa.float64())]),
    "sensor_clock": pa.schema([("sensor", TEXT), ("pairs", COUNT), ("ahead_seconds", pa.float64())]),
}  # fmt: skip

#: Of what was kept of all days. The addresses are told once more, over all of them.
LIFE_STEPS: Final = (
    "host_span",
    "claim_known",
    "host_address",
    "many_behind",
    "contact_pair",
    "file_share",
    "place_spread",
    "mark_spread",
    "certificate_place",
    "signature",
    "program_signature",
    "image",
    "stay",
    "coverage",
    "unseen",
    "silence",
    "connection_day",
)

_KERNELS: Final[dict[str, tuple[Kernel, pa.Schema]]] = {
    "program_name": (naming.name_programs, naming.NAMES),
    "file_name": (naming.name_files, naming.FILES),
    "command_name": (naming.name_commands, naming.COMMANDS),
    "contact_sum": (marks.mark_contacts, marks.CONTACTS),
    "lookup_sum": (marks.mark_lookups, marks.LOOKUPS),
}


def build(engine: Engine, progress: Progress) -> None:
    """Make every table from all events at once: :func:`begin`, :func:`gather` and :func:`fold`."""
    progress.phase("stays", len(EVENT_STEPS) + len(LIFE_STEPS))
    begin(engine)
    gather(engine, progress)
    fold(engine, progress)


def gather(engine: Engine, progress: Progress) -> None:
    """Make every table of :data:`EVENT_STEPS` on ``engine``, on which the OCSF views are defined and the tables
    ``earlier_<name>`` of :data:`CARRIED` are there (see :func:`begin`).
    """
    _run(engine, EVENT_STEPS, progress)


def begin(engine: Engine) -> None:
    """Make ``earlier_<name>`` as it is on the first days: empty."""
    for name, schema in CARRIED.items():
        engine.load(f"earlier_{name}", schema.empty_table())


def carry(engine: Engine) -> None:
    """Make ``next_<name>`` for each of :data:`CARRIED`, after :func:`gather`; table ``these_days`` has ``last_day``."""
    _run(engine, [f"next_{name}" for name in CARRIED], Silent())


def fold(engine: Engine, progress: Progress) -> None:
    """Make every table of :data:`LIFE_STEPS`, from those of :data:`KEPT`."""
    engine.load("earlier_claim", CARRIED["claim"].empty_table())
    _run(engine, LIFE_STEPS, progress)


def merged(table: str) -> str:
    """The SELECT that puts the rows of one of :data:`MERGED` together."""
    return _sql(MERGED[table])


def _run(engine: Engine, steps: Sequence[str], progress: Progress) -> None:
    tasks = [Task(step, _sql(step), partial(make, engine, step)) for step in steps]
    together(engine, tasks, lambda: progress.advance(1))


def make(engine: Engine, step: str) -> None:
    """Make the table of one step, from those before it."""
    if step in _KERNELS:
        engine.map(step, _sql(step), *_KERNELS[step])
    else:
        engine.create(step, _sql(step))


def coverage(engine: Engine) -> None:
    """Make only the tables of what could not be seen: what the sensors said day by day, what they never said, the days
    on which they were silent, and what changed what they could see.
    """
    for step in ("coverage_day", "unseen", "silence", "sensing_change"):
        engine.create(step, _sql(step))


def _sql(step: str) -> str:
    return (resources.files(__name__) / f"{step}.sql").read_text(encoding="utf-8")
