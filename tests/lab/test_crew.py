"""Keepers that keep what they made."""

from __future__ import annotations

import os
from functools import partial

import pytest

from lodger.lab.crew import Crew


def _said(kept: list[str], word: str) -> tuple[list[str], int]:
    kept.append(word)
    return list(kept), os.getpid()


def _made(number: int) -> list[str]:
    return [f"keeper {number}"]


def _broken(kept: list[str]) -> None:
    raise ValueError(kept[0])


@pytest.mark.parametrize("count", [1, 2])
def test_each_keeper_does_what_it_is_asked_in_order_with_what_it_keeps(count: int) -> None:
    with Crew(_made, count) as crew:
        assert len(crew) == count
        asked = [crew.ask(number, partial(_said, word=word)) for word in ("a", "b") for number in range(count)]
        told = [each.result() for each in asked]
    assert [words for words, _ in told[-count:]] == [[f"keeper {number}", "a", "b"] for number in range(count)]
    assert len({process for _, process in told}) == count


def test_what_a_keeper_cannot_do_is_raised() -> None:
    with Crew(_made, 2) as crew, pytest.raises(ValueError, match="keeper 1"):
        crew.ask(1, _broken).result()
