from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trust import makers

from lodger.trust.der import Der, MalformedError, read

LENGTHS = st.one_of(st.integers(0, 300), st.sampled_from([127, 128, 255, 256, 65_535, 65_536]))


@given(st.lists(LENGTHS, max_size=6), st.binary(max_size=5))
def test_values_are_read_one_behind_the_other(lengths: list[int], rest: bytes) -> None:
    parts = [makers.octets(bytes(length)) for length in lengths]
    whole = makers.seq(*parts)
    found = read(whole + rest)
    assert (found.raw, found.stop) == (whole, len(whole))
    assert [each.raw for each in found] == parts
    assert [len(each.octets()) for each in found] == lengths


@given(st.integers(-(2**200), 2**200))
def test_integers_are_read(value: int) -> None:
    assert read(makers.integer(value)).integer() == value


@given(st.tuples(st.integers(0, 2), st.integers(0, 39)), st.lists(st.integers(0, 2**40), max_size=8))
def test_object_identifiers_are_read(first: tuple[int, int], rest: list[int]) -> None:
    text = ".".join(map(str, (*first, *rest)))
    assert read(makers.oid(text)).oid() == text


@given(st.datetimes(datetime(1950, 1, 1), datetime(2049, 12, 31)).map(lambda each: each.replace(microsecond=0)))
def test_times_of_both_kinds_are_read(when: datetime) -> None:
    wanted = when.replace(tzinfo=UTC)
    assert read(makers.moment(wanted)).moment() == wanted
    assert read(makers.moment(wanted, short=True)).moment() == wanted


def test_times_may_have_fractions_and_other_zones() -> None:
    def of(text: str) -> datetime:
        return read(makers.tlv(0x18, text.encode())).moment()

    noon = datetime(2015, 6, 1, 12, tzinfo=UTC)
    assert of("20150601120000.5Z") == noon + timedelta(milliseconds=500)
    assert of("20150601140000+0200") == noon
    assert of("201506011200Z") == noon
    for text in ("20150601", "20151301120000Z", "yesterday", "", "2015060112000\u0661Z", "1" * 60):
        with pytest.raises(MalformedError):
            of(text)


def test_bits_that_are_unused_are_counted() -> None:
    assert read(b"\x03\x02\x00\xa5").bits() == b"\xa5"
    assert read(b"\x03\x02\x05\xa0").bits(most_unused=7) == b"\xa0"
    for broken in (b"\x03\x02\x05\xa0", b"\x03\x00", b"\x04\x02\x00\xa5"):
        with pytest.raises(MalformedError):
            read(broken).bits()


def test_lengths_may_be_left_open() -> None:
    inner = makers.octets(b"one") + makers.octets(b"two")
    pieces = b"\x24\x80" + inner + b"\0\0"
    found = read(b"\x30\x80" + pieces + b"\0\0" + b"rest")
    assert found.stop == len(pieces) + 4
    assert next(iter(found)).octets() == b"onetwo"


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"0",
        b"0\x05abc",
        b"0\x85\x01\x01\x01\x01\x01",
        b"0\x84\xff\xff\xff\xff",
        b"\x1f\x01\x00",
        b"\x04\x80ab\x00\x00",
        b"0\x80" * 40 + b"\x00\x00" * 40,
        b"0\x80\x04\x01",
        b"0\x80\x04\x01a",
    ],
)
def test_what_breaks_the_rules_is_malformed(broken: bytes) -> None:
    with pytest.raises(MalformedError):
        read(broken)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_malformed(content: bytes) -> None:
    def walk(node: Der, depth: int) -> None:
        assert 0 <= node.start < node.body <= node.end <= node.stop <= len(content)
        for each in node if node.tag & 0x20 and depth < 20 else ():
            walk(each, depth + 1)

    try:
        walk(read(content), 0)
    except MalformedError as error:
        assert str(error)  # noqa: PT017
