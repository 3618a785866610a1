from __future__ import annotations

import math
import zlib
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.disguise import noise


@pytest.mark.parametrize(
    ("statistic", "tail"),
    # Percentage points of the chi-square distribution with 255 degrees of freedom, by its textbook tables.
    [(0.0, 1.0), (205.421, 0.99), (255.0, 0.48822), (293.248, 0.05), (310.457, 0.01), (330.520, 0.001), (1e7, 0.0)],
)
def test_the_upper_tail_is_that_of_the_tables(statistic: float, tail: float) -> None:
    assert noise.upper_tail(statistic) == pytest.approx(tail, abs=2e-4)


def test_statistics_of_known_spreads() -> None:
    even = noise.counts(bytes(range(256)) * 3)
    assert noise.entropy(even) == pytest.approx(8.0)
    assert noise.chi_square(even) == 0.0
    one = noise.counts(b"a" * 100)
    assert noise.entropy(one) == 0.0
    assert noise.chi_square(one) == pytest.approx(100 * 255)
    assert noise.entropy(noise.counts(b"ab" * 8)) == pytest.approx(1.0)
    assert noise.entropy(noise.counts(b"")) == 0.0


@given(st.integers(0, 2**32))
def test_entropy_and_tail_keep_to_their_ranges(seed: int) -> None:
    rng = Random(seed)
    spread = noise.counts(rng.randbytes(rng.randint(0, 3000)))
    assert 0 <= noise.entropy(spread) <= 8
    assert 0 <= noise.upper_tail(noise.chi_square(spread)) <= 1
    assert math.isfinite(noise.chi_square(spread))


def test_64_random_bytes_are_found_among_structure_nearly_always() -> None:
    rng = Random(4)
    missed = 0
    for _ in range(2000):
        at = rng.randint(0, 300)
        found = noise.noise(bytes(at) + rng.randbytes(64) + bytes(200))
        missed += found is None
        if found is not None:
            assert at - 16 <= found[0] <= at + 32
            assert found[1] <= at + 64 + 16
    assert missed <= 6  # 3 in 1,000


@pytest.mark.parametrize(
    "structure",
    [
        b"The quick brown fox jumps over the lazy dog. " * 50,
        b"".join(np.arange(500, dtype="<u2").tobytes() for _ in range(3)),
        bytes(range(256)) * 20,
        bytes(5000),
        b"\x01\x02\x03\x04" * 900,
        "".join(f"{number:x}," for number in range(3000)).encode(),
    ],
    ids=["prose", "numbers", "ramp", "zeros", "pattern", "hexadecimal"],
)
def test_structure_is_no_noise(structure: bytes) -> None:
    assert noise.noise(structure) is None
    assert not noise.is_random(structure)


def test_random_bytes_are_random_and_too_few_are_not() -> None:
    rng = Random(9)
    assert all(noise.is_random(rng.randbytes(size)) for size in (64, 100, 1000, 100_000) for _ in range(50))
    assert not noise.is_random(rng.randbytes(63))
    assert noise.noise(rng.randbytes(63)) is None
    assert noise.is_random(zlib.compress(rng.randbytes(3000)))
