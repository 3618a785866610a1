"""One file: what it is, what it says that it is, and what its format does not account for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lodger.disguise import names
from lodger.disguise.discovery import choose
from lodger.disguise.findings import Finding, Inspection, Verdict
from lodger.disguise.form import HEAD, Format
from lodger.disguise.octets import BrokenError, Octets, opened
from lodger.disguise.trace import Trace

_SAMPLE: Final = 512
_LEAST: Final = 16  # bytes by which every format is known
_OFFICE: Final = (
    (b"[Content_Types].xml", "ooxml"),
    (b"mimetypeapplication/vnd.oasis.opendocument", "odf"),
    (b"mimetypeapplication/epub", "epub"),
)


@dataclass(frozen=True)
class Examined:
    """An inspection, and of a picture where its own data and its tail lie and a few bytes of the data to know it by."""

    inspection: Inspection
    image: tuple[int, int] | None = None
    tail: tuple[int, int] | None = None
    sample: bytes = b""


def examine(path: Path, shown: str | None = None, name: str | None = None) -> Examined | None:
    """Walk one file; None where it is of no kind that is looked at, and its name is not odd either.

    ``shown`` is what the inspection calls it, by default the path, and ``name`` the file's own name, by default the
    path's last part. Raises :class:`~lodger.errors.InputError` for a file that cannot be read.
    """
    name = path.name if name is None else name
    with opened(path) as data:
        said = names.claimed(name)
        form = choose(data, said or _any_shown(name))
        odd = list(names.check(name))
        if form is None and said is None and not odd:
            return None
        trace = Trace()
        for each in odd:
            trace.add(each)
        kind = "other"
        if form is not None:
            kind = _walk(form, data, trace, name)
        elif said is not None and names.shown(name):
            _unlike(said, data, trace)
        elif not odd:
            return None
        return Examined(
            Inspection(shown or str(path), kind, data.end, tuple(sorted(trace.findings, key=lambda each: each.offset))),
            trace.image,
            trace.tail,
            _sample(data, trace.image),
        )


def _walk(form: Format, data: Octets, trace: Trace, name: str) -> str:
    against = names.contradiction(name, form)
    if against is not None:
        trace.add(against)
    try:
        form.walk(data, trace)
    except BrokenError as error:
        trace.add(Finding("structure", Verdict.MALFORMED, error.offset, 0, str(error)))
    if form.name != "zip":
        return form.name
    head = data.head(data.start, HEAD)
    return next((kind for mark, kind in _OFFICE if mark in head), form.name)


def _unlike(said: Format, data: Octets, trace: Trace) -> None:
    """The file is of no kind that is known: cut in its first bytes, or something else."""
    sentence = f"by its name a {said.title}, the file does not begin as one"
    if data.end < _LEAST:
        trace.malformed(data.start, sentence)
    else:
        trace.mismatch("mismatch", sentence)


def _any_shown(name: str) -> Format | None:
    """A picture's format where the name claims a picture or document of a kind that is not walked."""
    return names.claimed("x.jpg") if names.shown(name) else None


def _sample(data: Octets, image: tuple[int, int] | None) -> bytes:
    if image is None:
        return b""
    start, end = image
    middle = start + (end - start) // 2
    return b"".join(data.head(at, min(_SAMPLE, end - at)) for at in (start, middle, max(end - _SAMPLE, start)))
