"""Making things in a thread before they are asked for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class _Shelf(Generic[T]):
    """Where items stand between the thread that makes them and the one that takes them: ``most`` bytes and one item."""

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._items: deque[T] = deque()
        self._free = most
        self._size = size
        self._ended = False
        self._turn = threading.Condition()

    def put(self, item: T) -> bool:
        """Add an item when there is room; False where nobody wants it any more."""
        with self._turn:
            self._turn.wait_for(lambda: self._free > 0 or self._ended)
            self._items.append(item)
            self._free -= self._size(item)
            self._turn.notify()
            return not self._ended

    def get(self) -> T | None:
        """The next item when it is there; None where no more comes."""
        with self._turn:
            self._turn.wait_for(lambda: self._items or self._ended)
            if not self._items:
                return None
            item = self._items.popleft()
            self._free += self._size(item)
            self._turn.notify()
            return item

    def end(self) -> None:
        """Nobody will put, or nobody get, any more."""
        with self._turn:
            self._ended = True
            self._turn.notify()


def ahead(items: Iterator[T], most: int, size: Callable[[T], int]) -> Iterator[T]:
    """The same items, of which up to ``most`` bytes are made, in a thread, before they are asked for.

    ``size`` tells an item's size in bytes. What making them raises is raised in its place. None is no item.
    """
    shelf = _Shelf(most, size)

    def make() -> None:
        try:
            for item in items:
                if not shelf.put(item):
                    return
        finally:
            shelf.end()

    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        making = thread.submit(make)
        try:
            while (item := shelf.get()) is not None:
                yield item
        finally:
            shelf.end()
        making.result()  # raises what was raised there
