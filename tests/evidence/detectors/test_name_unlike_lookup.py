"""Names in requests and handshakes that did not lead to the address."""

from __future__ import annotations

import pytest
from tests.analysis.records import Finding, Record, at, finding, flow, handshake, lookup, request
from tests.evidence.stories import Story, Told, tell

GOOD, AGENT = "good.example", "network: agent Agent/1.0"


def _says(
    host: str, name: str, *, led: str = "c2.example", days: tuple[int, ...] = (1, 2), tls: bool = False
) -> tuple[list[Record], list[Record]]:
    """Lookups of two names, and requests that say ``name`` to the address that ``led`` was the answer to."""
    n = [story.__name__ for story in STORIES].index(host) + 1
    source, to = f"10.0.4.{n}", f"192.0.2.{n}"
    rows = [lookup(at(hours=9), GOOD, "198.51.100.1", source=source)]
    if led:
        rows.append(lookup(at(hours=9), f"{led}", to, source=source))
    seen = []
    for day in days:
        when, uid = at(days=day, hours=10), f"C{host}{day}"
        asked = flow(uid, when, to, 443 if tls else 80, source=source, service="ssl" if tls else "http")
        said = handshake(uid, when, to, name, source=source) if tls else request(uid, when, to, name, source=source)
        rows += [asked, said]
        seen.append(asked if tls else said)
    return rows, seen


def _found(host: str, seen: list[Record], client: str) -> list[Finding]:
    n = [story.__name__ for story in STORIES].index(host) + 1
    told = f"says {GOOD} to 192.0.2.{n}, found by asking for c2.example, as 1 of {len(STORIES)} hosts do"
    return [finding(f"10.0.4.{n}", client, f"{told}, since 2021-03-02", seen)]


def host_of_another_place(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _says(host, GOOD)
    return rows, _found(host, seen, AGENT)


def server_name_of_another_place(host: str) -> tuple[list[Record], list[Finding]]:
    rows, seen = _says(host, GOOD, tls=True)
    return rows, _found(host, seen, "network: tcp/ssl")


def the_name_that_led_there(host: str) -> tuple[list[Record], list[Finding]]:
    return _says(host, "c2.example")[0], []


def a_name_that_was_never_asked_for(host: str) -> tuple[list[Record], list[Finding]]:
    return _says(host, "kept-in-memory.example")[0], []


def an_address_that_was_no_answer(host: str) -> tuple[list[Record], list[Finding]]:
    return _says(host, GOOD, led="")[0], []


def on_one_day_only(host: str) -> tuple[list[Record], list[Finding]]:
    return _says(host, GOOD, days=(1,))[0], []


def a_proxy_is_told_many_names(host: str) -> tuple[list[Record], list[Finding]]:
    rows = _says(host, GOOD)[0]
    n = [story.__name__ for story in STORIES].index(host) + 1
    for name in ("b.example", "c.example"):
        rows.append(lookup(at(hours=9), name, "198.51.100.2", source=f"10.0.4.{n}"))
        for day in (1, 2):
            when, uid, ends = at(days=day, hours=11), f"C{name}{day}", f"192.0.2.{n}"
            rows += [flow(uid, when, ends, 80, source=f"10.0.4.{n}", service="http")]
            rows += [request(uid, when, ends, name, source=f"10.0.4.{n}")]
    return rows, []


STORIES: list[Story] = [
    host_of_another_place,
    server_name_of_another_place,
    the_name_that_led_there,
    a_name_that_was_never_asked_for,
    an_address_that_was_no_answer,
    on_one_day_only,
    a_proxy_is_told_many_names,
]
ADDRESS = {story.__name__: f"10.0.4.{n}" for n, story in enumerate(STORIES, 1)}


@pytest.fixture(scope="module")
def told() -> Told:
    return tell("name_unlike_lookup", STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_finds_what_the_story_says_and_no_more(story: Story, told: Told) -> None:
    found = [each for each in told.found["?"] if each.host == ADDRESS[story.__name__]]
    assert found == told.wanted[story.__name__]
