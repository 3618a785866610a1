"""What was learned of labelled lives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from lodger.cli.terminal import draw, hostile
from lodger.report.text import probability, visible

if TYPE_CHECKING:
    from lodger.lab.calibrate import Fold
    from lodger.verdict import Shares


def print_calibration(folds: Sequence[Fold], shares: Mapping[str, Shares], lives: int, out: Path) -> None:
    """Print what each family's lives say of shares that were learned of the others, and the shares."""
    judged = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    judged.add_column("family held out")
    for name in ("lives", "surprise by headers, dB", "by what was learned, dB"):
        judged.add_column(name, justify="right")
    for each in folds:
        told = (f"{each.lives:,}", f"{each.header_db:.1f}", f"{each.learned_db:.1f}")
        judged.add_row(hostile(each.family, 60), *told)
    learned = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    learned.add_column("detector")
    learned.add_column("P(finding | implant)", justify="right")
    for name, share in shares.items():
        learned.add_row(name, "" if share.p_implant is None else probability(share.p_implant))
    draw(judged, Text(""), learned, Text(""), Text(f"{lives:,} lives; written to {visible(str(out))}"))
