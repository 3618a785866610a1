"""Bodies with random bytes behind what they seem to be."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from lodger.disguise import inspect
from lodger.lab.lives.files import document, picture

Make = Callable[[random.Random, int], bytes]


@pytest.mark.parametrize(("make", "kind"), [(picture, "jpeg"), (document, "pdf")])
def test_only_what_stands_behind_the_end_is_odd(tmp_path: Path, make: Make, kind: str) -> None:
    paths = [tmp_path / f"{size}" for size in (2_000, 90_000)]
    for path in paths:
        body = make(random.Random(path.name), int(path.name))
        assert len(body) == int(path.name)
        path.write_bytes(body)
    found = inspect(paths)
    assert [(each.kind, len(each.findings)) for each in found.files] == [(kind, 1)] * 2
    assert found.files[1].findings[0].length > 89_000


@pytest.mark.parametrize("make", [picture, document])
def test_a_body_is_its_draws_and_never_without_a_tail(make: Make) -> None:
    assert make(random.Random(1), 5_000) == make(random.Random(1), 5_000) != make(random.Random(2), 5_000)
    assert len(make(random.Random(1), 0)) >= 16
