"""What ``hunt`` and ``ingest`` share: from paths to records in the case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lodger.cli.progress import progress
from lodger.cli.render.ingest import complain_of_problems
from lodger.errors import InputError
from lodger.model.ingest import IngestSummary, SourceReport
from lodger.telemetry.remote import is_url, shown, unavailable
from lodger.telemetry.walk import STDIN

if TYPE_CHECKING:
    from lodger.workspace import Workspace


def take_in(paths: Sequence[str], case: Path) -> tuple[Workspace, IngestSummary]:
    """Ingest ``paths`` into ``case`` and name every problem on standard error.

    Raises:
        InputError: nothing under the paths could be read; where no path exists, no case is made for it.
    """
    from lodger.workspace import Workspace

    missing = {path: reason for path in paths if (reason := _missing(path)) is not None}
    if len(missing) == len(set(paths)):
        named = {reason: [shown(path) for path in paths if missing[path] == reason] for reason in missing.values()}
        reasons = "; ".join(f"{reason}: {', '.join(places)}" for reason, places in named.items())
        raise InputError(reasons, advice="Name files or folders that hold telemetry")
    workspace = Workspace.create_or_open(case)
    with progress() as watched:
        summary = workspace.ingest(paths, watched)
    complain_of_problems(summary)
    if not any(_usable(source) for source in summary.sources):
        count = len(summary.sources)
        raise InputError(
            f"nothing could be read: none of {count:,} files is telemetry that Lodger knows"
            if count
            else "nothing could be read: there are no files under the paths",
            advice="docs/formats.md names all that it reads",
        )
    return workspace, summary


def _missing(path: str) -> str | None:
    """Why nothing can lie at a path or URL, as far as that is known before it is opened."""
    if is_url(path):
        return unavailable(path)
    return None if path == STDIN or Path(path).exists() else "no such file or folder"


def _usable(source: SourceReport) -> bool:
    known = source.already or source.earlier > 0
    return bool(source.reader) and (known or source.stored > 0 or source.problem is None)
