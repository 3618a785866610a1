"""The trust ledger, and what new statements changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.padding import Padding
from rich.text import Text

from lodger.cli.options import Format
from lodger.cli.render.data import FORMAT_VERSION, as_csv, as_json, instant
from lodger.cli.terminal import complain, draw, emit, hostile
from lodger.model.trust import Change, Learned, LedgerEntry
from lodger.report import text

if TYPE_CHECKING:
    from lodger.ledger.files import Listing

#: Most statements and changes in a table that nobody limited.
ROWS: Final = 20
_ABOUT: Final = ("signer", "serial", "issuer", "thumbprint", "sha256", "sha1", "md5", "authentihash", "withdraws")
_COLUMNS: Final = ("id", "kind", "valid_from", "known_from", "source", "detail", *_ABOUT, "shared")


class LedgerFormat(StrEnum):
    """How what changed is printed."""

    TABLE = "table"
    JSON = "json"


#: Format of what is printed.
LedgerOutput = Annotated[LedgerFormat, typer.Option("--format", help="table for people, json for programs.")]


def print_ledger(entries: Sequence[LedgerEntry], form: Format, top: int | None) -> None:
    """Print statements, the newest first; a table shows :data:`ROWS` when ``top`` is None."""
    newest = list(reversed(entries))
    if form is Format.JSON:
        emit(as_json([_fields(each) for each in newest[:top]]))
    elif form is Format.CSV:
        emit(as_csv(_COLUMNS, [_fields(each) for each in newest[:top]]))
    elif not newest:
        emit("Nothing is known of any signer or file: `lodger trust import` takes lists in.\n")
    else:
        shown = newest[: top or ROWS]
        draw(*(_statement(each) for each in shown), Text(f"{len(newest):,} statements", style="dim"))


def _statement(entry: LedgerEntry) -> Text:
    of = entry.statement
    about = ", ".join(f"{name} {value}" for name in _ABOUT if (value := getattr(of, name)))
    since = f" from {text.day(of.valid_from)}" if of.valid_from else ""
    shared = ", also signs good software" if of.shared else ""
    line = f"{entry.id}  {of.kind.value}{since}, learned {text.day(of.known_from)}: {about}{shared} ({of.source}"
    return hostile(f"{line}{f', {of.detail}' if of.detail else ''})", 400)


def _fields(entry: LedgerEntry) -> dict[str, Any]:
    of = entry.statement
    values = {name: getattr(of, name) for name in _COLUMNS if name != "id"}
    told = {name: instant(value) if isinstance(value, datetime) else value for name, value in values.items()}
    return {"id": entry.id, **told, "kind": of.kind.value}


def complain_of_import(name: str, listing: Listing) -> None:
    """What became of one file, and a line for the first bad entries, on standard error."""
    refused = f", {listing.refused:,} refused" if listing.refused else ""
    complain(f"{name}: {listing.form}, {listing.read:,} entries, {len(listing.entries):,} statements{refused}")
    for problem in listing.problems:
        complain(f"{name}: {problem}")


def print_learned(learned: Learned, form: LedgerFormat) -> None:
    """Print what new statements changed: for people the stays with their ranks before and after, for programs all."""
    if form is LedgerFormat.JSON:
        emit(as_json(learned_fields(learned)))
        return
    stays = sum(change.stay_id is not None for change in learned.changes) + learned.more
    head = f"new statements: {learned.statements:,}; touched: {stays:,} stay(s) on {learned.hosts:,} host(s)"
    rows = [part for change in learned.changes[:ROWS] for part in _changed(change)]
    hidden = len(learned.changes) - len(learned.changes[:ROWS]) + learned.more
    draw(Text(head), *rows, *([Text(f"and {hidden:,} more (--format json)", style="dim")] if hidden else []))


def _changed(change: Change) -> Iterator[Text | Padding]:
    rank = f"rank {change.rank_before or 'none'} -> {change.rank_after or 'none'}" if change.stay_id else "no stay"
    weight = f"{text.decibans(change.weight_before)} -> {text.decibans(change.weight_after)} dB"
    line = f"{rank:>20}  {weight:>22}  {change.host}  {text.clip(change.program, 200)}"
    yield hostile(line, 600, "bold")
    there = "still present" if change.present else "gone"
    when = f"since {text.day(change.since)}, last seen {text.day(change.until)}, {there}"
    yield Padding(hostile(f"{(change.stay_id or '')[:12]}  {when}; {change.sentence}", 600), (0, 0, 0, 4))


def learned_fields(learned: Learned) -> dict[str, Any]:
    """What new statements changed."""
    return {
        "format_version": FORMAT_VERSION,
        "statements": learned.statements,
        "hosts": learned.hosts,
        "more": learned.more,
        "changes": [_change_fields(change) for change in learned.changes],
    }


def _change_fields(change: Change) -> dict[str, Any]:
    names = ("host", "program", "stay_id", "sentence", "present", "rank_before", "rank_after")
    return {
        **{name: getattr(change, name) for name in names},
        "since": instant(change.since),
        "until": instant(change.until),
        "weight_before": change.weight_before,
        "weight_after": change.weight_after,
    }
