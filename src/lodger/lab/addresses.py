"""Which address each host has on which day: by leases in the house, from the VPN's pool elsewhere.

Hosts that are left on, servers and kiosks keep theirs. Of the others, those of one net change addresses among each
other now and then, in the night while all of them are off or asleep, as leases that have run out are given to others. A
lease is good for eight days (the default of Windows Server's DHCP). The VPN's addresses are drawn anew every day.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Final

from lodger.lab.people import Host, Work, elsewhere

LEASE_DAYS: Final = 8
_NET: Final = 200  # hosts that share a net
_FREE: Final = 15  # addresses of a net that nobody has at first
_CHANGES: Final = 0.12  # how likely a net's leases change hands in a night
_MOVED: Final = 0.15  # of the hosts that may, then


class Addresses:
    """The addresses of a fleet's hosts, day after day."""

    def __init__(self, seed: int, people: Sequence[Host]) -> None:
        self._seed, self._people = seed, people
        self._at = [host.ip for host in people]
        self._nets: list[list[int]] = [[] for _ in range(len(people) // _NET + 1)]
        for number, host in enumerate(people):
            if not host.always_on and host.work not in {Work.SERVER, Work.KIOSK}:
                self._nets[number // _NET].append(number)
        self._free = [[f"10.20.{net}.{220 + free}" for free in range(_FREE)] for net in range(len(self._nets))]
        self._days = 0  # of which the nights before are told

    def of(self, number: int, day: date) -> list[str]:
        """Each host's address on the fleet's day ``number``; days are asked for in their order."""
        while self._days < number:
            self._days += 1
            for net, roaming in enumerate(self._nets):
                self._night(random.Random(f"{self._seed}/leases {net}/{self._days}"), roaming, self._free[net])
        today = list(self._at)
        away = [index for index, host in enumerate(self._people) if elsewhere(host, day)]
        random.Random(f"{self._seed}/tunnels/{day}").shuffle(away)
        for place, index in enumerate(away):
            today[index] = f"10.21.{place // _NET}.{20 + place % _NET}"
        return today

    def _night(self, rng: random.Random, roaming: list[int], free: list[str]) -> None:
        if not roaming or rng.random() >= _CHANGES:
            return
        moved = rng.sample(roaming, max(1, round(len(roaming) * _MOVED)))
        pool = [self._at[index] for index in moved] + free
        rng.shuffle(pool)
        for index in moved:
            self._at[index] = pool.pop()
        free[:] = sorted(pool)
