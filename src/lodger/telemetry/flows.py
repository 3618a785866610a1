"""Running the meter over a capture: packets in, flows out, whatever becomes of the native code on the way.

The meter (:mod:`lodger.telemetry.meter`) is a process of its own. When it crashes or hangs on a packet, that packet is
kept aside and the capture is metered again without it: the flows that were told before come out again, in the same
order, and are passed over.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from struct import Struct
from typing import IO, Any, Final

from lodger.model.telemetry import Aside
from lodger.telemetry.meter import FIELDS
from lodger.telemetry.packets import LONGEST, Packet, frames
from lodger.telemetry.reader import RAW

#: Link types that the meter reads, and what becomes of the others that can be had from them: Ethernet, BSD loopback,
#: PPP (three ways), raw IP (three ways), Linux cooked (two ways), radiotap.
_ETHERNET: Final = 1
_RAW_IP: Final = 101
_COOKED_2: Final = 276
_METERED: Final = frozenset({0, _ETHERNET, 9, 50, _RAW_IP, 104, 113, 127, 228, 229})
_SAME: Final = {12: _RAW_IP, 14: _RAW_IP, 108: 0, _COOKED_2: _RAW_IP}
_COOKED_2_HEADER: Final = 20
_NO_LINK: Final = -1

_IP: Final = frozenset({b"\x08\x00", b"\x86\xdd"})
_MOST_CRASHES: Final = 4
_MOST_ASIDES: Final = 100
_BLOCK: Final = 1 << 20
_LONGEST_LINE: Final = 64 * 1024
_LATEST: Final = (1 << 31) * 1_000_000  # microseconds: libpcap's seconds have a sign
_LONGEST_LENGTH: Final = 0xFFFF  # of a packet on the wire, to the engine
_HEADER: Final = Struct("<IHHiIII")
_LEAD: Final = Struct("<IIII")
_METER: Final = Path(__file__).with_name("meter.py")

#: The meter hangs when it tells no flow and begins no packet for this long, in seconds.
PATIENCE: Final = 60.0

#: Why nothing of a capture is read where nfstream cannot be loaded.
ABSENT: Final = "captures need nfstream, which has no build for this platform, or zeek on the PATH"


@dataclass
class Survey:
    """What was noted of a capture while its packets were passed on."""

    asides: list[Aside] = field(default_factory=list)
    more: int = 0  # that would have been aside beyond the first hundred
    problem: str | None = None
    links: dict[int, list[int]] = field(default_factory=dict)  # link type -> number of its first packet, count
    packets: int = 0
    passed: int = 0  # to the meter
    internet: int = 0  # of these, which say that they are IP

    def aside(self, aside: Aside) -> None:
        """Keep a packet aside, while they are few."""
        if len(self.asides) < _MOST_ASIDES:
            self.asides.append(replace(aside, reason=f"packet {aside.record:,}: {aside.reason}"))
        else:
            self.more += 1


def link_of(packet: Packet) -> int:
    """The link type under which the meter takes a packet."""
    return _SAME.get(packet.link, packet.link)


def _chosen(path: Path, link: int, skip: set[int], survey: Survey) -> Iterator[Packet]:
    """The packets of one link type, but for those in ``skip``; what else there is, is noted."""
    for frame in frames(path):
        if isinstance(frame, str):
            survey.problem = frame
            return
        survey.packets += 1
        if isinstance(frame, Aside):
            survey.aside(frame)
            continue
        survey.links.setdefault(link_of(frame), [frame.number, 0])[1] += 1
        if not 0 <= frame.micros < _LATEST:
            survey.aside(Aside(frame.number, "time is outside 1970 to 2038", frame.data[:RAW]))
        elif link_of(frame) == link and frame.number not in skip:
            yield frame


def _fed(path: Path, link: int, skip: set[int], survey: Survey) -> Iterator[bytes]:
    """The capture as the meter reads it, in blocks."""
    block = bytearray(_HEADER.pack(0xA1B2C3D4, 2, 4, 0, 0, LONGEST, link))
    for packet in _chosen(path, link, skip, survey):
        data = packet.data[_COOKED_2_HEADER:] if packet.link == _COOKED_2 else packet.data
        survey.passed += 1
        survey.internet += link != _ETHERNET or data[12:14] in _IP
        seconds, micros = divmod(packet.micros, 1_000_000)
        block += _LEAD.pack(seconds, micros, len(data), max(min(packet.length, _LONGEST_LENGTH), len(data)))
        block += data
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    yield bytes(block)


class _Run:
    """One run of the meter over the packets of one link type, but for those in ``skip``.

    After :meth:`flows`, ``survey`` says what the capture holds, ``end`` what the meter said last (None when it did not
    come to an end), ``begun`` which of the packets that it was fed it was at, ``hung`` whether it stood still there.
    """

    def __init__(self, path: Path, link: int, skip: set[int], folder: Path) -> None:
        self.survey = Survey()
        self.end: dict[str, Any] | None = None
        self.begun = 0
        self.hung = False
        self._path, self._link, self._skip = path, link, skip
        self._progress_file = folder / "begun"
        self._lines: queue.Queue[bytes] = queue.Queue(1024)
        self._trouble: OSError | None = None
        self._over = threading.Event()

    def flows(self) -> Iterator[list[Any]]:
        """The values of the meter's ``FIELDS``, flow by flow. Raises :class:`OSError` for an unreadable capture."""
        self._progress_file.write_bytes(bytes(8))
        # -P: nothing is imported from the folder that we are in, which may be evidence
        process = subprocess.Popen(  # noqa: S603  # this very Python, a file of ours
            [sys.executable, "-P", str(_METER), str(self._progress_file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        threads = [threading.Thread(target=work, args=(process,), daemon=True) for work in (self._feed, self._hear)]
        for thread in threads:
            thread.start()
        try:
            yield from self._told()
        finally:
            self._over.set()
            process.kill()
            process.wait()
            for thread in threads:
                thread.join()
        self.begun = self._progress()
        if self._trouble is not None:
            raise self._trouble

    def _told(self) -> Iterator[list[Any]]:
        before = -1
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                self.hung = self._progress() == before
                if self.hung:
                    return
                before = self._progress()
                continue
            try:
                told = json.loads(line)
            except ValueError:  # the end without a last word, or in the middle of one
                return
            if not isinstance(told, list) or len(told) != len(FIELDS):
                self.end = told if isinstance(told, dict) else None
                return
            yield told

    def _progress(self) -> int:
        return int.from_bytes(self._progress_file.read_bytes(), "little")

    def _feed(self, process: subprocess.Popen[bytes]) -> None:
        try:
            with _pipe(process.stdin) as sink:
                for block in _fed(self._path, self._link, self._skip, self.survey):
                    if self._over.is_set():
                        return
                    sink.write(block)
        except BrokenPipeError:
            return  # the meter has ended; its last word, or the lack of one, says why
        except OSError as error:
            self._trouble = error

    def _hear(self, process: subprocess.Popen[bytes]) -> None:
        with _pipe(process.stdout) as source:
            line = b"\n"
            while line.endswith(b"\n") and not self._over.is_set():
                line = source.readline(_LONGEST_LINE)
                self._put(line)

    def _put(self, line: bytes) -> None:
        while not self._over.is_set():
            try:
                self._lines.put(line, timeout=1)
            except queue.Full:
                continue
            return


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise OSError("no pipe to the meter")
    return stream


def _first_link(path: Path) -> int | None:
    """The link type of the first packet that the meter can take; None where there is none."""
    for frame in frames(path):
        if isinstance(frame, Packet) and link_of(frame) in _METERED:
            return link_of(frame)
    return None


def _nth(path: Path, link: int, skip: set[int], nth: int) -> Packet | None:
    """The ``nth`` packet that the meter was fed, from 1."""
    if nth < 1:
        return None
    return next(islice(_chosen(path, link, skip, Survey()), nth - 1, None), None)


def metered(path: Path, folder: Path) -> Iterator[list[Any] | Aside | str]:
    """The flows of a capture, what is kept aside, and last, where there is one, the reason why not all was read.

    A flow is the values of the meter's ``FIELDS``; the number of what is aside is that of its packet. ``folder`` is
    where it may keep a file meanwhile. Raises :class:`OSError` where the capture cannot be read.
    """
    first = _first_link(path)
    if first is None:
        survey, missed, problem = _surveyed(path), 0, None
    else:
        survey, missed, problem = yield from _by_link(path, first, folder)
    yield from _asides(survey, missed)
    problem = survey.problem or problem or (None if survey.packets else "the capture holds no packet")
    if problem is not None:
        yield problem


def _by_link(
    path: Path, first: int, folder: Path
) -> Generator[list[Any] | Aside, None, tuple[Survey, int, str | None]]:
    """Meter one link type after the other: the meter, as libpcap, takes one at a time, and captures rarely have two."""
    survey, missed = Survey(), 0
    links = [first]
    for link in links:
        run = yield from _without_crashes(path, link, folder)
        problem = _problem(run)
        if problem is not None:
            return _surveyed(path), missed, problem
        counted = run.survey.passed - int((run.end or {}).get("ignored", 0))
        missed += max(run.survey.internet - counted, 0)
        if link == first:
            survey = run.survey
            links += [other for other in survey.links if other in _METERED and other != first]
    return survey, missed, None


def _without_crashes(path: Path, link: int, folder: Path) -> Generator[list[Any] | Aside, None, _Run]:
    """The flows of one link type, and each packet aside on which the meter breaks, up to a number; the last run."""
    skip: set[int] = set()
    told = 0
    while True:
        run = _Run(path, link, skip, folder)
        for nth, flow in enumerate(run.flows(), 1):
            if nth > told:
                told = nth
                yield flow
        packet = None if run.end is not None else _nth(path, link, skip, run.begun)
        if packet is None or len(skip) == _MOST_CRASHES:
            return run
        skip.add(packet.number)
        reason = f"packet {packet.number:,}: nfstream's engine {'hangs' if run.hung else 'crashes'} on it"
        yield Aside(packet.number, reason, packet.data[:RAW])


def _problem(run: _Run) -> str | None:
    """Why a run of the meter did not do what it should."""
    if run.end is None:
        return "nfstream's engine crashes on it again and again: the flows until then are read"
    if run.end.get("absent"):
        return ABSENT
    error = run.end.get("error")
    return None if error is None else f"nfstream's engine cannot read it: {error}"


def _surveyed(path: Path) -> Survey:
    """What a capture holds, without a meter."""
    survey = Survey()
    for _ in _chosen(path, _NO_LINK, set(), survey):
        pass
    return survey


def _asides(survey: Survey, missed: int) -> Iterator[Aside]:
    yield from survey.asides
    if survey.more:
        yield Aside(survey.packets, f"{survey.more:,} more packets that cannot be read")
    for link, (first, count) in survey.links.items():
        if link not in _METERED:
            yield Aside(
                first, f"packets of link type {link}, which nfstream does not read: {count:,}, from packet {first:,}"
            )
    if missed:
        yield Aside(survey.packets, f"IP packets in no flow (fragments, cut short, or malformed): {missed:,}")
