"""The ranked table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.table import Table
from rich.text import Text

from lodger.cli.options import Format
from lodger.cli.render.data import as_csv, as_json, case_fields
from lodger.cli.terminal import draw, emit, hostile
from lodger.model.findings import Case
from lodger.report import text

#: Most stays in a table that nobody limited.
TABLE_ROWS: Final = 20
_COLUMNS: Final = (
    *("rank", "weight_db", "odds", "lfdr", "host", "program", "facets", "contacts"),
    *("arrival", "departure", "first_seen", "last_seen", "story", "stay_id"),
)
_STAY_ID: Final = 12  # characters: any unique prefix names a stay


def print_cases(cases: Sequence[Case], form: Format, top: int | None) -> None:
    """Print ``cases``, the first ``top`` of them; a table shows :data:`TABLE_ROWS` when ``top`` is None."""
    shown = cases[:top]
    if form is Format.JSON:
        emit(as_json([case_fields(case) for case in shown]))
    elif form is Format.CSV:
        emit(as_csv(_COLUMNS, [case_fields(case) for case in shown]))
    else:
        _print_table(shown if top else shown[:TABLE_ROWS], len(cases))


def _print_table(shown: Sequence[Case], total: int) -> None:
    if not total:
        emit("No program's stay shows any evidence.\n")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), expand=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("dB", justify="right", no_wrap=True)
    table.add_column("odds", justify="right", no_wrap=True)
    table.add_column("host and program", overflow="fold", ratio=4)
    table.add_column("what speaks", overflow="fold", ratio=5)
    for case in shown:
        decided = "bold red" if case.odds >= 1 else ""
        table.add_row(
            str(case.rank),
            Text(text.decibans(case.weight_db), style=decided),
            Text(text.odds(case.odds), style=decided),
            _who(case),
            _what(case),
        )
    draw(table, Text(_footer(len(shown), total), style="dim"))


def _who(case: Case) -> Text:
    return Text("\n").join(
        [
            hostile(case.host, 60),
            hostile(case.program, 160, "bold"),
            hostile(f"stay {case.stay_id[:_STAY_ID]}", 60, "dim"),
        ]
    )


def _what(case: Case) -> Text:
    lines = [Text(", ".join(facet.value for facet in case.facets))]
    if case.contacts:
        more = f" and {len(case.contacts) - 3} more" if len(case.contacts) > 3 else ""
        lines.append(hostile(f"-> {', '.join(text.clip(contact, 60) for contact in case.contacts[:3])}{more}", 240))
    lines.append(hostile(case.story, 400))
    return Text("\n").join(lines)


def _footer(shown: int, total: int) -> str:
    rest = f"{total - shown:,} more below; " if total > shown else ""
    return f"{rest}dB: weight of evidence in decibans; odds: intruder against ordinary; `lodger show STAY` tells a life"
