"""docs/benchmark.md: what was measured, how it is reckoned, and the commands that made it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

from benchmarks.lab import charts, tables
from benchmarks.lab.design import Design
from benchmarks.lab.measured import Measured

#: What the bars ask for: 50 fleets of 100 hosts over 60 days.
BAR_MONTHS: Final = 10_000
_MARK: Final = "<!-- measured -->"


def write(out: Path, docs: Path) -> None:
    """Write the page and its charts below ``docs``."""
    for name, svg in charts.drawn(out).items():
        path = docs / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, encoding="utf-8")
    (docs / "benchmark.md").write_text(text(out), encoding="utf-8")


def text(out: Path) -> str:
    """The page."""
    measured = Measured(out)
    page = (resources.files(__package__) / "page.md").read_text(encoding="utf-8")
    commands = f"{_run(measured.design, max(measured.fleets))}\npython -m benchmarks.lab page"
    pictures = "\n\n".join(f"![benchmark: {name}](images/{charts.file_of(name)})" for name in charts.made(out))
    body = f"```\n{commands}\n```\n\n{tables.told(out)}\n\n## Curves\n\n{pictures}"
    if measured.months < BAR_MONTHS:
        body = f"**A small measurement**: the bars are stated for {BAR_MONTHS:,} host-months.\n\n{body}"
    return page.replace(_MARK, body)


def _run(design: Design, last: int) -> str:
    return (
        f"python -m benchmarks.lab run --seeds {last} --hosts {design.hosts} --days {design.days} "
        f"--looks {len(design.looks)} --costly-every {design.costly_every}"
    )
