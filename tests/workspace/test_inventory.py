"""Days without a record: between two with one, and where the host was heard before or after."""

from __future__ import annotations

from datetime import date

from lodger.model.upkeep import Span
from lodger.workspace.inventory import missing


def day(number: int) -> date:
    return date(2021, 3, number)


def test_days_between_two_with_a_record_are_missing() -> None:
    assert missing([day(9), day(1), day(2), day(5)]) == (Span(day(3), day(4)), Span(day(6), day(8)))
    assert missing([]) == missing([day(1)]) == ()


def test_a_sensor_that_came_later_or_stopped_is_missing_while_its_host_was_heard() -> None:
    assert missing([day(4)], {day(1), day(4), day(9)}) == (Span(day(1), day(3)), Span(day(5), day(9)))
    assert missing([day(1), day(2)], {day(1), day(2)}) == ()
