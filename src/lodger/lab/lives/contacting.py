"""How an intruder talks: whom it calls, when, and what that looks like on the wire."""

from __future__ import annotations

from typing import Final

from lodger.lab.lives.cast import Life
from lodger.lab.lives.files import document, picture
from lodger.lab.lives.lodging import Lodging
from lodger.lab.lives.scenario import Channel
from lodger.lab.machine import CONTROLLER, NAME_KEPT, Machine
from lodger.lab.people import MINUTE, Plan
from lodger.lab.shares import IPC, Call, Share, answer, of_machine, place
from lodger.lab.sysmon import SECOND, Process, Span
from lodger.lab.zeek import Request

_TELLS: Final = 0.6  # how often there is something to send
_A_DAY: Final = 400_000  # bytes that there are to send in nine hours, in as many parts as there are calls
_LEAST: Final = 1_500  # bytes of a part
_MOST: Final = 180_000


def contact(m: Machine, lodging: Lodging, process: Process, plan: Plan, until: int) -> None:
    """All calls that fall due today; what falls due while the host or the person is away waits."""
    life, since = lodging.life, max(process.started + MINUTE, m.awake + MINUTE)
    if life.scenario.office:
        if plan.work is None:
            return
        since, until = max(since, plan.work[0] + MINUTE), min(until, plan.work[1] - MINUTE)
    lodging.due = max(lodging.due, since)
    if life.scenario.channel is Channel.LONG and lodging.neighbour is None:
        _stay_connected(m, lodging, process, until)
        return
    while lodging.due < until:
        time = lodging.due
        if lodging.neighbour is not None:
            _ask(m, lodging, lodging.neighbour, time)
        else:
            _call(m, lodging, process, time)
        jitter = life.scenario.jitter
        slept = life.every * m.rng.uniform(1 - jitter, 1 + jitter)
        lodging.due = time + int((slept + m.rng.uniform(0.2, 3.0)) * SECOND)  # a call takes its time, too


def _place(m: Machine, lodging: Lodging, process: Process, time: int) -> tuple[str, str]:
    """One of its servers, looked up where it has a name and was not just now: what it is called, and its address."""
    name, found = m.rng.choice(lodging.life.servers)
    if name and time - lodging.asked.get(name, 0) > NAME_KEPT:
        lodging.asked[name] = time
        m.wire.resolve(time - 60_000, (m.host.ip, m.port()), CONTROLLER, name, found)
        m.log.dns_query(time - 10_000, process, name, found)
    return name or found, found


def _part(m: Machine, lodging: Lodging) -> int:
    """Bytes that go when there is something to tell: more where calls are rare."""
    share = lodging.life.every / (9 * 3600)
    return m.size(int(min(_MOST, max(_LEAST, _A_DAY * share))))


def _call(m: Machine, lodging: Lodging, process: Process, time: int) -> None:
    """Something small comes, always as long; when there is something to tell, something larger goes."""
    life, (name, found) = lodging.life, _place(m, lodging, process, time)
    tells = m.rng.random() < _TELLS
    if life.scenario.channel is Channel.TLS:
        up = _part(m, lodging) if tells else 300
        m.wire.tls(m.connect(time, process, (found, 443), up, life.small), name, modern=False)
        return
    make, kind, folder = (picture, "image/jpeg", "gallery")
    if life.scenario.channel is Channel.PDF:
        make, kind, folder = (document, "application/pdf", "papers")
    suffix = kind.rpartition("/")[2].replace("jpeg", "jpg")
    flow = m.connect(time, process, (found, 80), 0, life.small)
    uri = f"/{folder}/{m.rng.randrange(1000, 9999)}.{suffix}"
    m.wire.http(flow, Request(name, uri, life.agent, got=kind))
    if tells:
        body = make(m.rng, _part(m, lodging))
        flow = m.connect(time + 4 * SECOND, process, (found, 80), len(body), 54)
        m.wire.http(flow, Request(name, f"/{folder}/add", life.agent, "POST", kind, kind, body=body))


def _stay_connected(m: Machine, lodging: Lodging, process: Process, until: int) -> None:
    """One connection for all of the day, over which a little goes to and fro as often as others would call."""
    time = lodging.due
    if time >= until - 10 * MINUTE:
        return
    name, found = _place(m, lodging, process, time)
    hours = (until - time) / SECOND
    beats = 1 + int(hours / lodging.life.every)
    up, down = m.size(beats * 200 + int(_A_DAY * _TELLS)), m.size(beats * 200 + lodging.life.small)
    flow = m.connect(time, process, (found, 443), up, down)._replace(duration=hours - m.rng.uniform(1, 60))
    m.wire.tls(flow, name, modern=False)
    lodging.due = until


def _ask(m: Machine, lodging: Lodging, neighbour: Machine, time: int) -> None:
    """Over a named pipe of the neighbour's, which is SMB on the wire, and which the system itself speaks."""
    life, port, server = lodging.life, m.port(), neighbour.host.name
    small, sent = life.small, _part(m, lodging) if m.rng.random() < _TELLS else 400
    if time < m.tunnel:
        return
    lodging.touch(m.kernel)
    if not neighbour.in_reach(time):
        m.wire.probe(time, (m.host.ip, port), (neighbour.host.ip, 445), refused=False)
        return
    call = Call(time, (m.host.ip, port), of_machine(m.rng, m.host), (Share(IPC, (_pipe(life),)),))
    flow = m.connect(time, m.kernel, (neighbour.host.ip, 445), m.size(sent), m.size(small), port=port)
    shown = call if lodging.heard() else call._replace(shares=(Share(IPC, ()),))
    place(m.wire, flow, server, shown)
    neighbour.inbox.append(call)


def pass_on(m: Machine, lodging: Lodging, span: Span | None) -> None:
    """Answer the peers' calls of today; while it runs (``span``), each goes on to a server at once: what the peers have
    to say is tunnelled (Symantec, "W32.Duqu", 1.4: peers reach the controller through one another by SMB pipes).
    """
    pipe = _pipe(lodging.life)
    for call in sorted(call for call in m.inbox if call.shares[0].opened == (pipe,)):
        if span is None or lodging.process is None or not span[0] <= call.time < span[1]:
            answer(m, call._replace(shares=(Share(IPC, ()),)))
            continue
        answer(m, call)
        _call(m, lodging, lodging.process, call.time + int(m.rng.uniform(0.3, 4.0) * SECOND))


def _pipe(life: Life) -> str:
    return life.name.lower()
