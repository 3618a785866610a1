"""Several statements at the same time, with the same answer as one after the other.

Most statements of an analysis are too small for DuckDB to share them among processors, and there are thousands: each
has a processor of its own instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from lodger.engine import TOLD_AGAIN, Engine

T = TypeVar("T")

_COMMENT: Final = re.compile(r"--[^\n]*")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Task(Generic[T]):
    """One statement: the table that it makes, or another name for it, its SQL, and what asks it."""

    name: str
    select: str
    ask: Callable[[], T]


def together(engine: Engine, tasks: Sequence[Task[T]], done: Callable[[], object] = lambda: None) -> list[T]:
    """The answers of all tasks, in their order; ``done`` is called, by the caller's thread, after each.

    A task waits for those before it of which its SQL says the name, and for those before it that say its own: so each
    reads what it would read if they were asked in their order. Where one fails, or the caller is interrupted, that
    error is raised, none is begun after it, and those that were begun are ended.
    """
    waits = _waits(tasks)
    answers: dict[int, T] = {}
    with engine.side_by_side() as most, ThreadPoolExecutor(most, thread_name_prefix="task") as threads:
        running: dict[Future[T], int] = {}
        try:
            while len(answers) < len(tasks):
                begun = {*answers, *running.values()}
                ready = [each for each in range(len(tasks)) if each not in begun and waits[each] <= answers.keys()]
                running |= {threads.submit(tasks[each].ask): each for each in ready}
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    answers[running.pop(future)] = future.result()
                    done()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            while left := [future for future in running if not future.done()]:
                engine.interrupt()
                wait(left, timeout=TOLD_AGAIN)
    return [answers[each] for each in range(len(tasks))]


def _waits(tasks: Sequence[Task[T]]) -> list[set[int]]:
    """For each task the earlier ones that must have ended before it is begun."""
    said = [{*_WORD.findall(_COMMENT.sub("", task.select))} for task in tasks]
    return [
        {earlier for earlier in range(each) if tasks[earlier].name in said[each] or task.name in said[earlier]}
        for each, task in enumerate(tasks)
    ]
