"""How the report writes text, times, weights and odds."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.report import text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (r"C:\Windows\notepad.exe", r"C:\Windows\notepad.exe"),
        ("invoice_\u202egpj.exe", "invoice_[U+202E]gpj.exe"),
        ("a\x00b\tc\nd", "a[U+0000]b[U+0009]c[U+000A]d"),
        ("\u2028\u2029\ufeff\u200b", "[U+2028][U+2029][U+FEFF][U+200B]"),
        ("svc\u00a0host", "svc[U+00A0]host"),
        ("half \ud800 pair", "half [U+D800] pair"),
        ("\u3164.exe", "[U+3164].exe"),
        ("Müller, Владимир, 王", "Müller, Владимир, 王"),
        ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301[U+0301]"),
        ("\U000e0041", "[U+E0041]"),
    ],
)
def test_what_a_page_would_hide_or_obey_is_spelled_out(raw: str, shown: str) -> None:
    assert text.visible(raw) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_visible_text_can_always_be_written_and_has_no_character_that_hides(raw: str) -> None:
    shown = text.visible(raw)
    shown.encode("utf-8")
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert text.visible(shown) == shown


def test_long_text_keeps_both_ends_and_says_its_length() -> None:
    path = "C:\\" + "a" * 10_000 + "\\evil.exe"
    assert text.clip(path, 30) == "C:\\" + "a" * 17 + " … a\\evil.exe"
    assert text.full(path) == path[: text.KEEP] + " … (10,012 characters in all)"
    assert text.clip("short", 30) == text.full("short") == "short"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (25.0, "25 : 1"), (1 / 3.2, "1 : 3.2"), (1.0, "1 : 1"), (0.0, "1 : ∞"), (math.inf, "∞ : 1"),
        (1 / 2400, "1 : 2,400"), (9.96, "10 : 1"), (9.94, "9.9 : 1"), (2.04e10, "2.0 \u00d7 10¹⁰ : 1"),
        (math.nan, "not a number"),
    ],
)  # fmt: skip
def test_odds_have_one_on_the_smaller_side(value: float, shown: str) -> None:
    assert text.odds(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12.34, "12.3"), (-3.0, "\u22123.0"), (-0.04, "0.0"), (math.inf, "∞"), (-math.inf, "\u2212∞"),
        (math.nan, "not a number"),
    ],
)  # fmt: skip
def test_weights_have_one_decimal_and_a_true_minus(value: float, shown: str) -> None:
    assert text.decibans(value) == shown


def test_times_are_utc_whatever_their_zone() -> None:
    there = datetime(2011, 9, 1, 1, 14, 5, tzinfo=timezone(timedelta(hours=-7)))
    bare = datetime(2011, 9, 1, 8, 14, 5)  # the lake's times carry no zone
    assert text.stamp(there) == text.stamp(bare) == "2011-09-01 08:14:05"
    assert text.stamp(there, "minutes") == "2011-09-01 08:14"
    assert text.epoch_ms(there) == text.epoch_ms(bare) == 1_314_864_845_000
    assert text.epoch_ms(datetime(1601, 1, 1, tzinfo=UTC)) == -11_644_473_600_000


def test_spans_and_lengths_are_told_briefly() -> None:
    begin = datetime(2011, 9, 1, 8, 14, 5, tzinfo=UTC)
    assert text.span(begin, begin) == "2011-09-01 08:14:05"
    assert text.span(begin, begin + timedelta(hours=1)) == "2011-09-01 08:14:05 \u2013 09:14:05"
    assert text.span(begin, begin + timedelta(days=1)) == "2011-09-01 08:14:05 \u2013 2011-09-02 08:14:05"
    lengths = [
        timedelta(seconds=45),
        timedelta(seconds=125),
        timedelta(hours=3, minutes=20),
        timedelta(days=36, hours=3),
    ]
    assert [text.lasting(begin, begin + length) for length in lengths] == ["45 s", "2 min 5 s", "3 h 20 min", "36 days"]


def test_sizes_and_probabilities_keep_the_figures_that_count() -> None:
    assert [text.size(count) for count in (None, 0, 999, 61_000_000, 3 * 10**15)] == [
        "not counted", "0 B", "999 B", "61.0 MB", "3,000.0 TB",
    ]  # fmt: skip
    assert [text.probability(value) for value in (0.6, 0.012, 0.0004)] == ["0.60", "0.012", "0.0004"]


@pytest.mark.parametrize(
    ("program", "name"),
    [
        (r"C:\Windows\Temp\lummon.sys", "lummon.sys"),
        ("/opt/lib/helper", "helper"),
        (r"\users\*\temp\a.dll in rundll32.exe", "a.dll in rundll32.exe"),
        ("C:\\folder\\", "folder"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_a_programs_name_is_what_stands_behind_its_folders(program: str, name: str) -> None:
    assert text.name(program) == name
