"""An intruder's day on a host: it comes, comes back, resides, talks, leaves."""

from __future__ import annotations

from lodger.lab.lives.arriving import arrive
from lodger.lab.lives.contacting import contact, pass_on
from lodger.lab.lives.departing import leave, remove
from lodger.lab.lives.lodging import Lodging
from lodger.lab.lives.persisting import come_back, settle, start
from lodger.lab.lives.residing import reside
from lodger.lab.lives.scenario import Leaves, Persistence
from lodger.lab.ordinary import Home
from lodger.lab.people import HOUR, MINUTE, Plan
from lodger.lab.sysmon import SECOND, Span


def live(home: Home, lodging: Lodging, plan: Plan) -> None:
    """Tell the intruder's part of one day, after the host's ordinary day has been told, which it does not change."""
    m = home.machine
    if m.days < lodging.berth.arrives:
        return
    ordinary, m.rng = m.rng, lodging.draws(m.days)
    span = None
    if not lodging.left_at:
        if not lodging.arrived_at:
            _come(home, lodging, plan)
        else:
            come_back(m, lodging, plan)
        span = _pass(home, lodging, plan)
    pass_on(m, lodging, span)
    m.rng = ordinary


def _come(home: Home, lodging: Lodging, plan: Plan) -> None:
    came = arrive(home, lodging, plan)
    if came is None:
        return
    lodging.arrived_at = came.installer.started
    ended = settle(home.machine, lodging, came)
    if lodging.life.scenario.persistence is not Persistence.NONE:
        start(home.machine, lodging, ended)


def _pass(home: Home, lodging: Lodging, plan: Plan) -> Span | None:
    """What it does while it runs; on its last day, until it leaves. Returns from when until when it has run."""
    m, process, life = home.machine, lodging.process, lodging.life
    end = plan.off if life.as_system or plan.work is None else plan.work[1]
    until = end - 5 * MINUTE
    leaves = lodging.there and lodging.berth.leaves is not None and m.days >= lodging.berth.leaves
    if process is None:
        if leaves and life.scenario.leaves is Leaves.REMOVED and "services" in m.running and until > m.awake + HOUR:
            remove(m, lodging, None, int(m.rng.uniform(m.awake + HOUR / 2, until)))
        return None
    begin = max(process.started + 10 * SECOND, m.awake + 3 * MINUTE)
    if until <= begin + 10 * MINUTE:
        return None
    if leaves:
        until = int(m.rng.uniform(begin + (until - begin) * 0.4, begin + (until - begin) * 0.8))
    reside(m, lodging, process, begin, until)
    contact(m, lodging, process, plan, until)
    if leaves:
        last = until + MINUTE
        (leave if life.scenario.leaves is Leaves.ITSELF else remove)(m, lodging, process, last)
    return begin, until
