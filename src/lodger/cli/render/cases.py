"""The ranked table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.padding import Padding
from rich.text import Text

from lodger.cli.options import Format
from lodger.cli.render.data import as_csv, as_json, case_fields
from lodger.cli.terminal import draw, emit, hostile, tail, width
from lodger.model.findings import Case
from lodger.report import text
from lodger.report.text import clip

#: Most stays in a table that nobody limited.
TABLE_ROWS: Final = 10
_COLUMNS: Final = (
    *("rank", "weight_db", "odds", "lfdr", "host", "program", "facets", "contacts"),
    *("arrival", "departure", "first_seen", "last_seen", "story", "stay_id", "e_value", "chosen"),
)
_STAY_ID: Final = 12  # characters: any unique prefix names a stay
_HOST: Final = 24  # columns


def print_cases(cases: Sequence[Case], form: Format, top: int | None, budget: int | None = None) -> None:
    """Print ``cases``, the first ``top`` of them; a table shows :data:`TABLE_ROWS` when ``top`` is None.

    A table has a line below the first ``budget`` cases, which somebody reads, and says how many of these are false.
    """
    shown = cases[:top]
    if form is Format.JSON:
        emit(as_json([case_fields(case) for case in shown]))
    elif form is Format.CSV:
        emit(as_csv(_COLUMNS, [case_fields(case) for case in shown]))
    else:
        _print_table(shown if top else shown[: max(TABLE_ROWS, budget or 0)], len(cases), budget)


def _print_table(shown: Sequence[Case], total: int, budget: int | None) -> None:
    if not total:
        emit("No program's stay shows any evidence.\n")
        return
    hosts = min(_HOST, max(cell_len(clip(case.host, _HOST)) for case in shown))
    head = Text(f"{'#':>4} {'dB':>7} {'odds':>14}  {'host':{hosts}}  program", style="dim")
    blocks: list[Text | Padding] = []
    for place, case in enumerate(shown, 1):
        blocks += [*_block(case, hosts), Text("")]
        if place == budget:
            blocks += [Text(_line(shown[:budget]), style="bold"), Text("")]
    draw(head, *blocks, Text(_footer(shown, total), style="dim"))


def _line(read: Sequence[Case]) -> str:
    """What is said below those that are read."""
    return f"---- budget line: {len(read):,} {'case' if len(read) == 1 else 'cases'} a day. {text.false_cases(read)}"


def _block(case: Case, hosts: int) -> Iterator[Text | Padding]:
    """Five lines or so: who, with what weight; then why, most telling first."""
    numbers = f"{case.rank:>4} {text.decibans(case.weight_db):>7} {text.odds(case.odds):>14}  "
    line = Text(numbers, style="bold red" if case.odds >= 1 else "", no_wrap=True, overflow="ellipsis")
    line.append(f"{set_cell_size(clip(case.host, _HOST), hosts)}  ", style="not bold")
    line.append(tail(case.program, max(20, width() - len(numbers) - hosts - 2)), style="bold")
    yield Padding(line, 0)  # a bare Text would lose its no_wrap
    facets = ", ".join(facet.value for facet in case.facets)
    chosen = ", chosen" if case.chosen else ""
    false = "" if case.lfdr is None else f"  (lfdr {text.probability(case.lfdr)}{chosen})"
    yield _indented(hostile(f"{case.stay_id[:_STAY_ID]}  {facets}{false}", 120))
    if case.contacts:
        more = f" and {len(case.contacts) - 3} more" if len(case.contacts) > 3 else ""
        yield _indented(Text(f"-> {', '.join(clip(contact, 60) for contact in case.contacts[:3])}{more}"))
    yield _indented(hostile(case.story, 2 * width() - 20, "dim"))


def _indented(line: Text) -> Padding:
    return Padding(line, (0, 0, 0, 5))


def _footer(shown: Sequence[Case], total: int) -> str:
    rest = f"{total - len(shown):,} more below (--top). " if total > len(shown) else ""
    told = "dB: weight of evidence. odds: intruder to ordinary. `lodger show STAY` tells a life."
    return f"{text.false_cases(shown)}\n{rest}{told}"
