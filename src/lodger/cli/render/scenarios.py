"""Scenarios of the lab: a block each for people, an array for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from lodger.cli.render.data import FORMAT_VERSION, as_json
from lodger.cli.terminal import draw, emit

if TYPE_CHECKING:
    from lodger.lab import Scenario


def print_scenarios(scenarios: Sequence[Scenario], *, as_table: bool) -> None:
    """Print names with what is peculiar to each, by family; for programs all traits."""
    if as_table:
        draw(*_parts(scenarios))
    else:
        emit(as_json([scenario_fields(each) for each in scenarios]))


def scenario_fields(scenario: Scenario) -> dict[str, Any]:
    """One scenario: its name, and every trait as text."""
    return {"format_version": FORMAT_VERSION, "name": scenario.name, **scenario.traits()}


def _parts(scenarios: Sequence[Scenario]) -> Iterator[Text | Padding]:
    family = ""
    for each in scenarios:
        if each.family != family:
            family = each.family
            yield Text(family, style="bold")
        yield Padding(Text(f"{each.name}: {_told(each)}"), (0, 0, 0, 2))
    yield Text(f"{len(scenarios):,} scenarios", style="dim")


def _told(scenario: Scenario) -> str:
    traits = scenario.traits()
    often = f"every {_span(scenario.sleep)}, jitter {scenario.jitter:g}"
    flags = [name for name in ("office", "peers", "common", "quiet") if traits[name] == "true"]
    many = [
        f"{count} {what}" for count, what in ((scenario.servers, "servers"), (scenario.hosts, "hosts")) if count > 1
    ]
    blind = [f"blind: {scenario.blind}"] if traits["blind"] != "no" else []
    kinds = [traits[name] for name in ("signed", "arrival", "persistence", "channel", "place")]
    return ", ".join([*kinds, often, f"{scenario.days} days, {scenario.leaves}", *many, *flags, *blind])


def _span(seconds: float) -> str:
    return f"{seconds / 3600:g} h" if seconds >= 3600 else f"{seconds / 60:g} min"
