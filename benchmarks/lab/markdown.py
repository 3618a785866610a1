"""Tables of Markdown, and how figures stand in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Row = Sequence[str]


def table(head: Row, rows: Iterable[Row]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def number(value: float) -> str:
    """A figure to one place; words for what is none."""
    if math.isinf(value):
        return "never"
    return "none" if math.isnan(value) else f"{value:,.1f}"


def verdict(holds: bool, *, sure: bool) -> str:
    """Whether a bar holds, and whether the whole interval says so."""
    return ("yes" if holds else "no") + ("" if sure else ", within the interval either way")
