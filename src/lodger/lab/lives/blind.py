"""Hosts whose sensors tell less than others'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lodger.lab.lives.lodging import Lodging
from lodger.lab.lives.scenario import Blind
from lodger.lab.machine import Machine
from lodger.lab.sysmon import End, Process, Span, WindowsLog

ALWAYS: Final[Span] = (0, 1 << 62)


class _NoNetwork(WindowsLog):
    """Sysmon configured without connections and names."""

    def connection(self, time: int, p: Process, proto: str, source: End, target: End, *, inbound: bool = False) -> None:
        """Not recorded."""

    def dns_query(self, time: int, p: Process, name: str, answer: str) -> None:
        """Not recorded."""


class _NoSysmon(WindowsLog):
    """No Sysmon at all."""

    def _sysmon(self, time: int, number: int, actor: str, fields: str) -> None:
        """Not recorded."""

    def _typed(self, time: int, number: int, event: str, fields: str) -> None:
        """Not recorded."""


_LOGS: Final = {Blind.NETWORK: _NoNetwork, Blind.SYSMON: _NoSysmon}


def blind(machine: Machine, lodgings: Iterable[Lodging]) -> tuple[Span, ...]:
    """Make a host's log as blind as its intruders' scenarios say, before its first day; returns the spans in which the
    wire's sensor misses it.
    """
    wanted = {lodging.life.scenario.blind for lodging in lodgings}
    for kind, log in _LOGS.items():
        if kind in wanted:
            machine.log = log(machine.host.fqdn)
    return (ALWAYS,) if Blind.WIRE in wanted else ()
