"""How long work shows that it goes on: a bar on a terminal, otherwise a line per minute. Both on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.text import Text

from lodger.cli.terminal import complain
from lodger.model.ingest import IN_BYTES, Progress
from lodger.report.text import clip

_MINUTE: Final = 60.0
#: The least share of a phase's steps from which the time of the others is reckoned.
_TELLING: Final = 0.1
_NAME: Final = 40  # characters of a phase's name


@contextmanager
def progress() -> Iterator[Progress]:
    """What to hand to the library's long work; the bar is gone when the work is done."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    # The bar's texts come from the program, not from logs; markup is off all the same.
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), Pace())
    with Bars(*columns, console=console, transient=True) as bars:
        yield Drawn(bars)


def pace(name: str, done: int, total: int | None, seconds: float) -> str:
    """``12%, 24.1 MB/s, about 7 min left``: as much of it as can be told, after ``seconds`` of the phase."""
    parts = [f"{min(done / total, 1.0):.0%}"] if total else []
    if done > 0 and seconds > 0:
        if name in IN_BYTES:
            parts.append(f"{done / seconds / 1e6:,.1f} MB/s")
        # Bytes all take alike; the steps of other phases do not, so that a few of them say nothing of the rest.
        if total and (name in IN_BYTES or done >= total * _TELLING):
            parts.append(_left(max(total - done, 0) * seconds / done))
    return ", ".join(parts)


def _left(seconds: float) -> str:
    if seconds < 1:
        return "nearly done"
    if seconds < _MINUTE:
        return f"about {seconds:.0f} s left"
    minutes = round(seconds / _MINUTE)
    return f"about {minutes} min left" if minutes < 120 else f"about {minutes / 60:.0f} h left"


class Pace(ProgressColumn):
    """A bar's share, rate and remaining time."""

    def render(self, task: Task) -> Text:
        """The text behind the bar."""
        total = None if task.total is None else int(task.total)
        return Text(pace(task.description, int(task.completed), total, task.elapsed or 0.0))


class Drawn:
    """Progress as a bar."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def phase(self, name: str, total: int | None) -> None:
        """Begin a bar; the one before it goes."""
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(clip(name, _NAME), total=total)

    def advance(self, amount: int) -> None:
        """Make the bar longer."""
        if self._task is not None:
            self._bars.advance(self._task, amount)


class Lines:
    """Progress as a line for each minute that passes: short work says nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = self._said = self._phase = clock()
        self._name = "working"
        self._total: int | None = None
        self._done = 0

    def phase(self, name: str, total: int | None) -> None:
        """Note what is being done."""
        self._name, self._total, self._done = clip(name, _NAME), total, 0
        self._phase = self._clock()
        self._say()

    def advance(self, amount: int) -> None:
        """Note how much more is done."""
        self._done += amount
        self._say()

    def _say(self) -> None:
        now = self._clock()
        if now - self._said < _MINUTE:
            return
        self._said = now
        told = pace(self._name, self._done, self._total, now - self._phase)
        complain(", ".join(filter(None, (self._name, told, f"{(now - self._began) / _MINUTE:.0f} min so far"))))
