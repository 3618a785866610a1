"""The life of a stay as a story, and the sum behind its odds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lodger.cli.options import Format
from lodger.cli.render.data import as_csv, as_json, evidence_fields, life_fields
from lodger.cli.terminal import draw, emit, hostile
from lodger.model.findings import Case, Evidence, Life, RecordRef
from lodger.report import text

#: Most raw records that the story names for one finding.
RECORDS: Final = 8
_COLUMNS: Final = (
    *("facet", "first", "last", "counted_db", "weight_db"),
    *("detector", "technique", "sentence", "records", "total_records"),
)


def print_life(life: Life, form: Format) -> None:
    """Print one stay: for people the dated story with its raw records and the sum, for programs all of its fields."""
    if form is Format.JSON:
        emit(as_json(life_fields(life)))
    elif form is Format.CSV:
        rows = [evidence_fields(each) | {"records": _records(each.records)} for each in life.evidence]
        emit(as_csv(_COLUMNS, rows))
    else:
        draw(*_head(life.case), *_story(life), *_trust(life), *_unseen(life), *_sum(life))


def _head(case: Case) -> Iterator[Text]:
    yield hostile(case.program, 400, "bold")
    yield hostile(f"on {case.host}, stay {case.stay_id}, rank {case.rank}", 400)
    if case.came_with:
        yield hostile(f"came with {case.came_with}, which ranks above it: they are one case", 400)
    arrival = "not seen" if case.arrival is None else text.stamp(case.arrival)
    departure = "not seen" if case.departure is None else text.stamp(case.departure)
    yield Text(f"arrival {arrival}, departure {departure}, heard {text.span(case.first_seen, case.last_seen)} (UTC)")
    if case.contacts:
        yield hostile(f"contacts {', '.join(text.clip(contact, 100) for contact in case.contacts)}", 800)
    yield Text("")
    yield hostile(case.story, 4000)


def _story(life: Life) -> Iterator[Text | Padding]:
    for facet, found in groupby(life.evidence, key=lambda each: each.facet):
        yield Text("")
        yield Text(facet.value.upper(), style="bold")
        for each in found:
            yield from _finding(each)


def _finding(evidence: Evidence) -> Iterator[Text | Padding]:
    when = text.span(evidence.first, evidence.last)
    yield Padding(hostile(f"{when}  {_signed(evidence.counted_db)} dB  {evidence.technique}", 200), (0, 0, 0, 2))
    yield Padding(hostile(evidence.sentence, 2000), (0, 0, 0, 4))
    shown = sorted(evidence.records, key=lambda ref: (ref.file, ref.record))[:RECORDS]
    for line in _records(shown):
        yield Padding(hostile(line, 400, "dim"), (0, 0, 0, 4))
    unnamed = max(evidence.total_records, len(evidence.records)) - len(shown)
    if unnamed:
        more = f"and {unnamed:,} more" + (" (--format json names more)" if len(evidence.records) > len(shown) else "")
        yield Padding(Text(more, style="dim"), (0, 0, 0, 4))


def _records(records: Sequence[RecordRef]) -> list[str]:
    """One line per file, in the order in which the files are first named."""
    numbers: dict[str, list[int]] = {}
    for ref in records:
        numbers.setdefault(ref.file, []).append(ref.record)
    return [
        f"{text.clip(file, 200)} record{'s' if len(found) > 1 else ''} {', '.join(str(number) for number in found)}"
        for file, found in numbers.items()
    ]


def _trust(life: Life) -> Iterator[Text | Padding]:
    if life.trust:
        yield Text("")
        yield Text("ITS SIGNATURE, AND WHAT WAS LEARNED OF IT", style="bold")
    for line in life.trust:
        told = hostile(f"{text.day(line.time)}  {line.sentence}", 1000, "bold" if line.learned else "")
        yield Padding(told, (0, 0, 0, 2))


def _unseen(life: Life) -> Iterator[Text | Padding]:
    if life.unseen:
        yield Text("")
        yield Text("NOT VISIBLE TO THE SENSORS AT HAND", style="bold")
    for line in life.unseen:
        yield Padding(hostile(line, 400), (0, 0, 0, 2))


def _sum(life: Life) -> Iterator[Text | Table]:
    yield Text("")
    yield Text("THE SUM, in decibans", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(_signed(life.prior_db), "prior: what is thought of any stay before its evidence")
    for each in life.evidence:
        table.add_row(_signed(each.counted_db), hostile(_term(each), 400))
    for term in life.case.terms:
        table.add_row(_signed(term.weight_db), hostile(term.sentence, 400))
    # Of the rounded terms, so that whoever adds them up on paper gets the same.
    terms = [each.counted_db for each in life.evidence] + [term.weight_db for term in life.case.terms]
    total = round(life.prior_db, 2) + sum(round(each, 2) for each in terms)
    table.add_row("-" * max(6, len(_signed(total))), "")
    table.add_row(
        Text(_signed(total), style="bold"),
        f"posterior: odds {text.odds(life.case.odds)} that this is an intruder's stay, 10^({_signed(total)} / 10)",
    )
    yield table
    if life.shares:
        yield hostile(f"Its chances: {life.shares}.", 600)


def _term(evidence: Evidence) -> str:
    own = _signed(evidence.weight_db)
    counted = f" ({own} by itself; in part said already)" if _signed(evidence.counted_db) != own else ""
    chances = f"P {text.probability(evidence.p_implant)} / {text.probability(evidence.p_ordinary)}"
    return f"{evidence.detector}: {chances}{counted}"


def _signed(value: float) -> str:
    return f"{value:+.2f}"
