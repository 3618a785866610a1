"""Every parser of ours as one function from bytes to nothing, and what its fuzzing starts from.

Readers are found by discovery. A target's check raises whatever it finds: a broken promise as AssertionError.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest import mock

import py7zr
import pyarrow as pa
from tests.disguise import writers
from tests.fuzz import samples
from tests.fuzz.contract import bounded, hold
from tests.trust import fuzzing

from lodger.disguise import examine
from lodger.disguise.discovery import formats
from lodger.disguise.form import HEAD as HEAD_OF_FORMATS
from lodger.disguise.form import Format
from lodger.disguise.octets import BrokenError, Octets
from lodger.disguise.trace import Trace
from lodger.errors import InputError
from lodger.ledger import from_rows, identified, rows
from lodger.ledger.files import PROBLEMS, read_file
from lodger.model.tables import TELEMETRY
from lodger.model.telemetry import SourceFile
from lodger.stays.naming import name_command, name_program
from lodger.stays.paths import path_key
from lodger.telemetry import (
    event_xml,
    http_bodies,
    http_messages,
    json_records,
    lines,
    sevenzip,
    sources,
    times,
    unpack,
    values,
    windows,
    windows_dialects,
)
from lodger.telemetry.discovery import choose, readers
from lodger.telemetry.reader import Reader
from lodger.telemetry.streams import Moment
from lodger.trust.discovery import formats as signed_formats
from lodger.trust.form import Format as SignedFormat


@dataclass(frozen=True)
class Target:
    """``check`` is given an input and a folder of its own that exists."""

    name: str
    samples: tuple[bytes, ...]
    check: Callable[[bytes, Path], None]


def targets(recorded: Path) -> tuple[Target, ...]:
    """All targets; ``recorded`` is the folder with the samples of the readers."""
    every = {reader.name: samples.recorded(recorded, reader.name) for reader in readers()}
    found = [Target(f"reader-{reader.name}", every[reader.name], partial(_reader, reader)) for reader in readers()]
    mixed = tuple(content for each in every.values() for content in each[:20])
    of_json = tuple(content for content in mixed if content.lstrip()[:1] in (b"{", b"["))
    of_xml = tuple(content for content in mixed if b"<Event" in content)
    return (
        *found,
        Target("sniff", mixed, _sniff),
        Target("containers", tuple(_containers()), _container),
        Target("lines", (b"a\nb\r\n\n\xff\xfea\0\n\0", b"\xef\xbb\xbf" + b"x" * 300 + b"\n"), _lines),
        Target("json_records", of_json, _json_blocks),
        Target("event_xml", of_xml, _xml_blocks),
        Target("windows", of_json, _windows),
        Target("times", _TIMES, _times),
        Target("values", _VALUES, _values),
        Target("names", _COMMANDS, _names),
        Target("http", tuple(_exchanges()), _http),
        *(Target(f"disguise-{form.name}", _begun(form), partial(_disguise, form)) for form in formats()),
        *(Target(f"trust-{form.name}", fuzzing.samples(form), partial(_signed, form)) for form in signed_formats()),
        Target("trust-lists", tuple(fuzzing.lists()), _trust_lists),
        Target("ledger", (*_STATEMENTS, *fuzzing.lists()), _ledger),
    )


def _reader(reader: Reader, content: bytes, folder: Path) -> None:
    hold(reader, folder / "file", content, cut=zlib.crc32(content) % (len(content) + 1))


def _begun(form: Format) -> tuple[bytes, ...]:
    """Whole files of this format, where the tests of disguise can write any, and of it alone."""
    every: dict[str, writers.Writer] = {**writers.WRITERS, "pe": writers.self_extracting}
    write = every.get({"zip": "docx"}.get(form.name, form.name))
    planted = writers.PLACES.get({"zip": "docx"}.get(form.name, form.name), {})
    if write is None:
        return (b"\x7fELF", b"#!/bin/sh\n", b"<script>")
    whole = [write(Random(seed), size) for seed, size in enumerate((300, 700, 2000, 9000))]
    made = [plant(whole[1], Random(1).randbytes(100), Random(2)) for plant in planted.values()]
    return (*whole, *(each.content for each in made if each is not None))


def _disguise(form: Format, content: bytes, folder: Path) -> None:
    """Any bytes are walked to an end or to a place where they break, and findings lie within them."""
    data, trace = Octets(content), Trace()
    at = 0
    with bounded():
        form.sniff(content[:HEAD_OF_FORMATS])
        try:
            form.walk(data, trace)
        except BrokenError as error:
            at = error.offset
    assert 0 <= at <= len(content)
    for each in trace.findings:
        assert 0 <= each.offset <= each.offset + each.length <= len(content), each
        assert "\n" not in each.sentence
        assert each.sentence.isprintable()
    (folder / "x.jpg").write_bytes(content)
    with bounded():
        assert content == b"" or examine(folder / "x.jpg") is not None


def _signed(form: SignedFormat, content: bytes, folder: Path) -> None:
    with bounded():
        fuzzing.check(form, content)


#: Lists of certificates and of drivers.
_STATEMENTS: Final = (
    b'[{"serial": "00:0a", "subject": "Acme", "issuer": "CN=CA,O=A", "valid_from": "2024-01-01", "used_by": "x"}]',
    b'[{"id": "1", "category": "malicious", "names": ["a.sys"], "sha256": "' + b"ab" * 32 + b'", "certificates": '
    b'[{"serial": "0b", "subject": "C=GB, CN=Acme", "valid_from": "2020-01-01 00:00:00"}]}]',
)


def _ledger(content: bytes, folder: Path) -> None:
    """A file is refused as no list, or every entry of it is taken or counted; its statements keep their ids."""
    file = folder / "file"
    file.write_bytes(content)
    with bounded():
        try:
            listing = read_file(file, datetime(2024, 1, 1))
        except InputError:
            return
    assert listing.refused <= listing.read
    assert len(listing.problems) == min(listing.refused, PROBLEMS)
    assert from_rows(rows(listing.entries)) == list(listing.entries)
    assert all(identified(entry.statement).id == entry.id for entry in listing.entries)


def _trust_lists(content: bytes, folder: Path) -> None:
    with bounded():
        fuzzing.check_lists(content, folder)


def _sniff(content: bytes, folder: Path) -> None:
    with bounded():
        choose(content)


def _tarred(*members: tuple[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.TarFile(fileobj=out, mode="w", format=form) as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def _zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


def _zstd(content: bytes) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, "zstd") as stream:
        stream.write(content)
    return bytes(out.getvalue().to_pybytes())


def _sevenzipped(*members: tuple[str, bytes], method: int, plain: bool) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[{"id": method}]) as archive:
        archive.set_encoded_header_mode(not plain)
        for name, content in members:
            archive.writestr(content, name)
    return out.getvalue()


def _containers() -> Iterator[bytes]:
    members = (("a.log", b"one\n" * 50), ("../../up", b"two"), ("/absolute", b""), ("d/" * 60 + "long", b"x" * 600))
    packers: tuple[Callable[[bytes], bytes], ...] = (
        partial(gzip.compress, mtime=0),
        bz2.compress,
        lzma.compress,
        _zstd,
    )
    inner = _tarred(*members)
    yield inner
    yield _tarred(*members, form=tarfile.GNU_FORMAT)
    yield from (_zipped(*members, how=how) for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    yield _zipped(("x.zip", _zipped(("y.zip", _zipped(("z.zip", _zipped(*members)))))))
    for method in (py7zr.FILTER_LZMA2, py7zr.FILTER_BZIP2, py7zr.FILTER_COPY):
        yield from (_sevenzipped(*members[:1], *members[3:], method=method, plain=plain) for plain in (True, False))
    for pack in packers:
        yield pack(b"text of a log\n" * 20)
        yield pack(inner)
        yield _tarred(("in", pack(b"deep")), ("in2", _zipped(("c", pack(b"deeper")))))
        yield pack(b"\0" * 3_000_000)


_HARMLESS: Final = 2 * 1024**2


def _container(content: bytes, folder: Path) -> None:
    """Everything that is found lies in the spool, goes from there again, and keeps to the limits."""
    path, spool = folder / "file", folder / "spool"
    path.write_bytes(content)
    unpacked = 0
    with bounded(), ExitStack() as stack:
        for module in (unpack, sevenzip):
            stack.enter_context(mock.patch.object(module, "HARMLESS", _HARMLESS))
            stack.enter_context(mock.patch.object(module, "MEMBERS", 200))
        for found in sources.find([path], spool, lambda _: False):
            if isinstance(found, SourceFile):
                assert found.path == path or found.path.parent == spool
                assert found.path.stat().st_size == found.size
                assert found.name.isprintable()
                unpacked += found.size
            elif isinstance(found, sources.Problem):
                assert found.path.isprintable()
                assert found.reason
                assert "\n" not in found.reason
    assert unpacked <= max(_HARMLESS, len(content) * unpack.RATIO) + len(content)
    assert list(spool.iterdir()) == [], "something stays in the spool"
    assert {each.name for each in folder.iterdir()} <= {"file", "spool", "input"}


def _lines(content: bytes, folder: Path) -> None:
    """Every byte that is no white space is in some line, whatever the bound on lines is."""
    path = folder / "file"
    path.write_bytes(content)
    for longest in (7, lines.LONGEST_LINE):
        with bounded(), lines.text_file(path) as file:
            told = list(lines.lines(file, longest))
        numbers = [number for number, _, _ in told]
        assert numbers == sorted(set(numbers))
        assert all(len(line) <= longest + 1 for _, line, whole in told if whole)
    if content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        plain = content.removeprefix(b"\xef\xbb\xbf")
        whole = [(at, line) for at, line in enumerate(plain.split(b"\n"), 1) if line and not line.isspace()]
        assert [(number, line.removesuffix(b"\n")) for number, line, _ in told] == whole


def _small(size: int) -> ExitStack:
    """Blocks of ``size`` bytes, so that small inputs cross the bounds of many."""
    stack = ExitStack()
    for module in (json_records, event_xml):
        stack.enter_context(mock.patch.object(module, "_BLOCK", size))
    return stack


def _json_blocks(content: bytes, folder: Path) -> None:
    path = folder / "file"
    path.write_bytes(content)
    source = SourceFile(path, "file", "f", "f", len(content))
    with bounded():
        whole = list(json_records.records(source))
    with _small(1 + zlib.crc32(content) % 64):
        assert repr(list(json_records.records(source))) == repr(whole), "blocks of another size give other records"


def _xml_blocks(content: bytes, folder: Path) -> None:
    with bounded():
        whole = list(event_xml.pieces(io.BytesIO(content)))
        for piece, part in whole:
            if part is event_xml.Part.EVENT:
                event_xml.parsed(piece)
    if len(content) < 60_000:  # beyond, what stands between events is cut at the end of a block
        with _small(1 + zlib.crc32(content) % 64):
            assert list(event_xml.pieces(io.BytesIO(content))) == whole, "blocks of another size give other events"


def _windows(content: bytes, folder: Path) -> None:
    """Any JSON is an event or a reason."""
    for line in content.splitlines():
        value = json_records.decoded(line)
        if isinstance(value, str):
            continue
        with bounded():
            windows_dialects.is_windows(value)
            found = windows_dialects.mapped(value)
            for each in (found, windows.event(value)):
                if isinstance(each, str):
                    continue
                assert len(each.names) == len(each.values)
                rows = windows.WindowsRows("f" * 64)
                told = [*rows.add(1, each, line), *rows.rest()]
                assert len(told) == 1


_ANSWERED: Final = b"\n== answered ==\n"


def _exchanges() -> Iterator[bytes]:
    """What is asked and what is answered in a connection of HTTP/1."""
    picture = writers.png(Random(1), 300)
    form = b"--b\r\nContent-Disposition: form-data; filename=x.png\r\n\r\n" + picture + b"\r\n--b--\r\n"
    kind = b"Content-Type: multipart/form-data; boundary=b\r\n"
    asked = b"POST /x HTTP/1.1\r\nHost: a\r\n" + kind + b"Content-Length: %d\r\n\r\n" % len(form) + form
    yield b"GET /x.png HTTP/1.1\r\nHost: a\r\n\r\n" + _ANSWERED + b"HTTP/1.0 200 OK\r\n\r\n" + picture
    yield asked + _ANSWERED + b"HTTP/1.1 200 OK\nContent-Length: 2\n\nokHTTP/1.1 204 No\r\n\r\n"
    for packed, coding in ((gzip.compress(form), b"gzip"), (zlib.compress(form), b"deflate")):
        chunks = b"%x\r\n%s\r\n0\r\nX: y\r\n\r\n" % (len(packed), packed)
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: " + coding + b"\r\n"
        yield b"GET / HTTP/1.1\r\n\r\n" + _ANSWERED + head + kind + b"\r\n" + chunks


def _http(content: bytes, folder: Path) -> None:
    """However a connection's bytes are cut, with a gap or without, every body comes to an end and nothing is held."""
    cut = zlib.crc32(content)
    shelf, counts = http_bodies.Shelf(folder), http_messages.Counts()
    talk = http_messages.Conversation(
        lambda head, _: http_bodies.receiver(shelf, head, bytes(12)), counts, (True, cut % 2 == 0)
    )
    size = 1 + cut % 700
    with bounded():
        for way, said in enumerate(content.partition(_ANSWERED)[::2]):
            for at in range(0, len(said), size):
                if not talk.hear(way, said[at : at + size], Moment(1, 0)):
                    break
                if (cut + at) % 31 == 0:
                    talk.miss(way, cut % 9000)
        talk.end(0, None)
        talk.end(1, "cut" if cut % 3 else None)
    assert (counts.heads, shelf.unpacking, shelf.growing, shelf.memory) == (0, 0, {}, 0)
    for body in shelf.done:
        assert body.path.stat().st_size == body.size
        assert all(note.isprintable() for note in body.notes)
        shelf.free(body)
    assert shelf.kept == 0


_TIMES: Final = tuple(
    line.encode()
    for line in (
        "2023-08-15T09:55:25.836123Z", "2023-08-15 09:55:25.836 UTC", "2023-08-15T09:55:25.8361234567+02:00",
        "1692161622.036086", "-1.5", "0", "99999999999999", "2023-W33-2", "20230815T095525", "/Date(1692161622036)/",
    )
)  # fmt: skip


def _times(content: bytes, folder: Path) -> None:
    text = content.decode("utf-8", "surrogateescape")
    with bounded():
        found = [times.iso(text), times.epoch(text), times.moment(text)]
        for number in _numbers(text):
            found += [times.epoch(number), times.moment(number)]
    for micros in found:
        assert micros is None or isinstance(micros, int)
        if micros is not None:
            assert times.why_not(text, micros) is None or not times.SANE_FROM <= micros < times.SANE_TO
        if micros is not None and times.SANE_FROM <= micros < times.SANE_TO:
            datetime.fromtimestamp(micros / 1e6, UTC)


def _numbers(text: str) -> Iterator[int | float]:
    for kind in (int, float):
        try:
            yield kind(text[:4000])
        except ValueError:
            continue


_VALUES: Final = tuple(
    json.dumps(each).encode()
    for each in (
        ["T", "F", "true", True, None, "1"], [1, "2", 3.0, 4.5, "-5", 2**63, -(2**63), 2**31],
        ["a", ["b", 1], {"c": []}],
        ["2023-08-15T09:55:25Z", 1692161622.5, "1692161622", "yesterday"], [1e308, "1e309", "nan", "0x10", "1_000"],
    )
)  # fmt: skip


def _values(content: bytes, folder: Path) -> None:
    """Any JSON value is fitted to any column's type, or named as a misfit."""
    record = json_records.decoded(b'{"column":' + content + b"}")
    if isinstance(record, str):
        return
    column: Any = record["column"] if isinstance(record["column"], list) else [record["column"]]
    kinds = {entry.type for schema in TELEMETRY.values() for entry in schema if not pa.types.is_map(entry.type)}
    for kind in kinds - {pa.date32()}:
        with bounded():
            fitted, misfits = values.fit(kind, column)
        fitted.validate(full=True)
        assert (fitted.type, len(fitted)) == (kind, len(column))
        assert all(not fitted[at].is_valid and column[at] is not None for at in misfits)


_COMMANDS: Final = tuple(
    line.encode()
    for line in (
        r'C:\Windows\System32\rundll32.exe "C:\a b\c.dll",Entry',
        r"\??\C:\WINDOWS\system32\svchost.exe -k netsvcs -s Schedule",
        r"%SystemRoot%\System32\WScript.exe //B C:\x.vbs", r"\Device\HarddiskVolume2\Users\PEDRO~1.GUS\AppData\a.exe",
        r"powershell.exe -fi \\srv\share\run.ps1", "java.exe -cp a -jar b.jar", "/usr/bin/python3 -m http.server",
        r"\\?\UNC\srv\c$\..\a",
    )
)  # fmt: skip


def _names(content: bytes, folder: Path) -> None:
    text = content.decode("utf-8", "replace")
    path, _, line = text.partition(" ")
    with bounded():
        key = path_key(path)
        named = [name_program(path, line or None), name_program(text, text), name_command(text)]
    assert path_key(key) == key or path.count("\\") > 3 or "%" in path, "a key is its own key"
    for each in named:
        each.key.encode()
        each.name.encode()
