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
from lodger.model.findings import Case, Party, parties
from lodger.report import text
from lodger.report.text import clip

#: Most cases in a table that nobody limited.
TABLE_ROWS: Final = 10
_COLUMNS: Final = (
    *("rank", "weight_db", "odds", "lfdr", "host", "program", "facets", "contacts"),
    *("arrival", "departure", "first_seen", "last_seen", "story", "stay_id", "e_value", "chosen", "came_with"),
)
_STAY_ID: Final = 12  # characters: any unique prefix names a stay
_HOST: Final = 24  # columns
_KIN: Final = 3  # named of those that came with one


def print_cases(ranked: Sequence[Case], form: Format, top: int | None, budget: int | None = None) -> None:
    """Print the ranked stays. A table has the first ``top`` cases, by default :data:`TABLE_ROWS`, each as the stay that
    heads it, with those that came with it; JSON and CSV have a row for each of the first ``top`` stays.

    A table has a line below the first ``budget`` cases, which somebody reads, and says how many of these are false.
    """
    if form is Format.JSON:
        emit(as_json([case_fields(case) for case in ranked[:top]]))
    elif form is Format.CSV:
        emit(as_csv(_COLUMNS, [case_fields(case) for case in ranked[:top]]))
    else:
        found = parties(ranked)
        _print_table(found[: top or max(TABLE_ROWS, budget or 0)], len(found), budget)


def _print_table(shown: Sequence[Party], total: int, budget: int | None) -> None:
    if not total:
        emit("No program's stay shows any evidence.\n")
        return
    heads = [each.head for each in shown]
    hosts = min(_HOST, max(cell_len(clip(case.host, _HOST)) for case in heads))
    head = Text(f"{'#':>4} {'dB':>7} {'odds':>14}  {'host':{hosts}}  program", style="dim")
    blocks: list[Text | Padding] = []
    for place, party in enumerate(shown, 1):
        blocks += [*_block(party, hosts), Text("")]
        if place == budget:
            blocks += [Text(_line(heads[:budget]), style="bold"), Text("")]
    draw(head, *blocks, Text(_footer(heads, total), style="dim"))


def _line(read: Sequence[Case]) -> str:
    """What is said below those that are read."""
    return f"---- budget line: {len(read):,} {'case' if len(read) == 1 else 'cases'} a day. {text.false_cases(read)}"


def _block(party: Party, hosts: int) -> Iterator[Text | Padding]:
    """Five lines or so: who, with what weight, and with whom; then why, most telling first."""
    case = party.head
    numbers = f"{case.rank:>4} {text.decibans(case.weight_db):>7} {text.odds(case.odds):>14}  "
    line = Text(numbers, style="bold red" if case.odds >= 1 else "", no_wrap=True, overflow="ellipsis")
    line.append(f"{set_cell_size(clip(case.host, _HOST), hosts)}  ", style="not bold")
    line.append(tail(case.program, max(20, width() - len(numbers) - hosts - 2)), style="bold")
    yield Padding(line, 0)  # a bare Text would lose its no_wrap
    facets = ", ".join(facet.value for facet in case.facets)
    chosen = ", chosen" if case.chosen else ""
    false = "" if case.lfdr is None else f"  (lfdr {text.probability(case.lfdr)}{chosen})"
    yield _indented(hostile(f"{case.stay_id[:_STAY_ID]}  {facets}{false}", 120))
    if party.kin:
        yield _indented(hostile(f"with {_with(party)}", 400))
    if contacts := party.contacts:
        more = f" and {len(contacts) - 3} more" if len(contacts) > 3 else ""
        yield _indented(Text(f"-> {', '.join(clip(contact, 60) for contact in contacts[:3])}{more}"))
    yield _indented(hostile(case.story, 2 * width() - 20, "dim"))


def _with(party: Party) -> str:
    kin, at = party.kin, party.head.host
    more = f" and {len(kin) - _KIN:,} more" if len(kin) > _KIN else ""
    named = (
        f"{clip(text.name(case.program), 40)}{'' if case.host == at else f' on {clip(case.host, _HOST)}'} "
        f"({text.decibans(case.weight_db)} dB, {case.stay_id[:_STAY_ID]})"
        for case in kin[:_KIN]
    )
    return f"{', '.join(named)}{more}"


def _indented(line: Text) -> Padding:
    return Padding(line, (0, 0, 0, 5))


def _footer(shown: Sequence[Case], total: int) -> str:
    rest = f"{total - len(shown):,} more below (--top). " if total > len(shown) else ""
    told = "dB: weight of evidence. odds: intruder to ordinary. `lodger show STAY` tells a life."
    return f"{text.false_cases(shown)}\n{rest}{told}"
