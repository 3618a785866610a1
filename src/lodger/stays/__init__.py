"""From events to lives: processes, lineage, contacts, rollups by day, and the stays folded from them.

The steps are the SQL files beside this one, run in the order of :data:`STEPS`; each makes the table of its name.
Where a step needs a function that SQL dialects lack (naming a path), a kernel maps its rows.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

import pyarrow as pa

from lodger.engine import Engine, Kernel
from lodger.model.ingest import Progress
from lodger.stays import naming

STEPS: Final = (
    "process",
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
    "clock_day",
    "flow_owner",
    "machine_logon",
    "host_alias",
    "host_claim",
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
    "lookup",
    "lookup_day",
    "certificate_place",
    "program_day",
    "host_span",
    "place_spread",
    "client_mark",
    "mark_spread",
    "contact_file",
    "many_behind",
    "signature",
    "program_signature",
    "autostart",
    "own_file",
    "stay",
    "coverage",
    "coverage_day",
    "unseen",
    "silence",
    "sensing_change",
    "connection_day",
)

_KERNELS: Final[dict[str, tuple[Kernel, pa.Schema]]] = {
    "program_name": (naming.name_programs, naming.NAMES),
    "file_name": (naming.name_files, naming.FILES),
    "command_name": (naming.name_commands, naming.COMMANDS),
}


def build(engine: Engine, progress: Progress) -> None:
    """Make every table of :data:`STEPS` on ``engine``, on which the OCSF views are defined."""
    progress.phase("stays", len(STEPS))
    for step in STEPS:
        if step in _KERNELS:
            engine.map(step, _sql(step), *_KERNELS[step])
        else:
            engine.create(step, _sql(step))
        progress.advance(1)


def coverage(engine: Engine) -> None:
    """Make only the tables of what could not be seen: what the sensors said day by day, what they never said, the days
    on which they were silent, and what changed what they could see.
    """
    for step in ("coverage_day", "unseen", "silence", "sensing_change"):
        engine.create(step, _sql(step))


def _sql(step: str) -> str:
    return (resources.files(__name__) / f"{step}.sql").read_text(encoding="utf-8")
