"""Several processes that each keep something for as long as a fleet is written, and do what they are told with it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_kept: dict[str, Any] = {}  # in a process of the crew: what it keeps


class Crew(Generic[T]):
    """``count`` keepers, each with what ``make(number)`` makes there; to be used in ``with``.

    One keeper is this process itself. More are processes of their own, in which ``make`` and all that is asked must be
    possible to pickle; a script that has more than one must guard its main part, as `multiprocessing` says.
    """

    def __init__(self, make: Callable[[int], T], count: int) -> None:
        self._own = make(0) if count == 1 else None
        context = multiprocessing.get_context("spawn")
        self._pools = [
            ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(make, number))
            for number in range(count if count > 1 else 0)
        ]

    def __len__(self) -> int:
        return len(self._pools) or 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)

    def ask(self, number: int, what: Callable[[T], R]) -> Future[R]:
        """Let one keeper do ``what`` with what it keeps, after all that it was asked before."""
        if self._own is None:
            return self._pools[number].submit(_do, what)
        done: Future[R] = Future()
        done.set_result(what(self._own))
        return done


def _begin(make: Callable[[int], Any], number: int) -> None:
    _kept["it"] = make(number)


def _do(what: Callable[[Any], R]) -> R:
    return what(_kept["it"])
