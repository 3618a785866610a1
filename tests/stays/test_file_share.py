"""Where the machines of the house share files with each other; nobody's own place."""

from __future__ import annotations

from contextlib import closing

from tests.analysis.records import Process, analysed, at, connected, launched

from lodger.engine import Engine

SYSTEM = "System"


def _shares(engine: Engine) -> set[str]:
    return {row["destination"] for row in engine.read("file_share").to_pylist()}


def test_shares_are_at_private_addresses_and_at_those_of_hosts_of_the_fleet() -> None:
    """WS2 has a public address; the last place is nobody's here, and port 443 is no share."""
    one, two = Process("WS1", SYSTEM), Process("WS2", SYSTEM)
    places = [("10.0.7.7", 445), ("172.31.0.9", 139), ("172.32.0.9", 445), ("203.0.113.5", 445), ("10.0.7.7", 443)]
    calls = [connected(one, at(hours=9 + n), to, port, source="10.0.0.1") for n, (to, port) in enumerate(places)]
    own = connected(two, at(hours=8), "192.0.2.1", source="203.0.113.5")
    with closing(analysed([launched(one, at(hours=8)), launched(two, at(hours=8)), own, *calls])) as engine:
        assert _shares(engine) == {"10.0.7.7:445", "172.31.0.9:139", "203.0.113.5:445"}


def test_a_share_is_no_rare_place_and_the_same_port_outside_is() -> None:
    one = Process("WS1", SYSTEM)
    calls = [connected(one, at(hours=9), to, 445, source="10.0.0.1") for to in ("10.0.7.7", "192.0.2.9")]
    with closing(analysed([launched(one, at(hours=8)), *calls])) as engine:
        rare = {row["destination"]: row["rare"] for row in engine.read("place_spread").to_pylist()}
    assert rare == {"10.0.7.7:445": False, "192.0.2.9:445": True}
