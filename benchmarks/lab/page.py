"""docs/benchmark.md: what was measured, how it is reckoned, and the commands that made it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

from benchmarks.lab import charts, tables
from benchmarks.lab.measured import Measured

#: What the bars ask for: 50 fleets of 100 hosts over 60 days.
BAR_MONTHS: Final = 10_000
_MARK: Final = "<!-- measured -->"


def write(out: Path, docs: Path) -> None:
    """Write the page and its charts below ``docs``."""
    measured = Measured(out)
    drawn = charts.draw(measured, docs / "images")
    text = (resources.files(__package__) / "page.md").read_text(encoding="utf-8")
    design = measured.design
    command = (
        f"python -m benchmarks.lab run --seeds {max(measured.truths)} --hosts {design.hosts} --days {design.days} "
        f"--looks {len(design.looks)} --costly-every {design.costly_every} --out DIR"
    )
    pictures = "\n\n".join(f"![{path.stem.replace('-', ': ')}](images/{path.name})" for path in drawn)
    body = (
        f"```\n{command}\npython -m benchmarks.lab page --out DIR\n```\n\n{tables.told(out)}\n\n## Curves\n\n{pictures}"
    )
    if measured.months < BAR_MONTHS:
        body = f"**A small measurement**: the bars are stated for {BAR_MONTHS:,} host-months.\n\n{body}"
    (docs / "benchmark.md").write_text(text.replace(_MARK, body), encoding="utf-8")
