"""Pictures whose own data is equal, and what stands behind them is not: one picture used again and again as a cover."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from lodger.disguise.examine import Examined
from lodger.disguise.findings import Finding, Verdict
from lodger.disguise.octets import opened

#: The same few icons come in thousands of copies; so many of one picture are compared with each other.
_MOST: Final = 1000
_PIECE: Final = 1024**2
_LEAST: Final = 64  # a picture's data below this is too little to be called the same picture


def compare(found: Iterable[tuple[Path, Examined]]) -> dict[Path, Examined]:
    """Those with a tail whose picture is another file's, too, with another tail; with a finding that names that file.

    A copy without any tail counts against a picture only where the tail is a finding already: a phone's moving picture
    and the still made of it are no cover. Only candidates with a tail are read again.
    """
    alike: defaultdict[tuple[str, int, bytes], list[tuple[Path, Examined]]] = defaultdict(list)
    for path, each in found:
        if each.image is not None and each.image[1] - each.image[0] >= _LEAST:
            alike[each.inspection.kind, each.image[1] - each.image[0], each.sample].append((path, each))
    changed: dict[Path, Examined] = {}
    for group in alike.values():
        if len(group) > 1 and any(each.tail is not None for _, each in group):
            changed |= _told(group[:_MOST])
    return changed


def _told(group: list[tuple[Path, Examined]]) -> dict[Path, Examined]:
    by_image: defaultdict[bytes, list[tuple[Path, Examined, bytes | None]]] = defaultdict(list)
    for path, each in group:
        by_image[_digest(path, each.image) or b""].append((path, each, _digest(path, each.tail)))
    changed = {}
    for members in by_image.values():
        for path, each, tail in members:
            other = next((name for name in members if _contrasts(each, tail, name[2])), None)
            if other is not None and each.tail is not None:
                changed[path] = _with(each, each.tail, other[1].inspection.file, empty=other[2] is None)
    return changed


def _contrasts(each: Examined, tail: bytes | None, other: bytes | None) -> bool:
    hidden = each.inspection.verdict is Verdict.HIDDEN
    return tail is not None and tail != other and (other is not None or hidden)


def _with(each: Examined, tail: tuple[int, int], other: str, *, empty: bool) -> Examined:
    name = other.replace("\\", "/").rsplit("/", 1)[-1][:100]
    sentence = f"the same picture as {name}, which has {'no' if empty else 'another'} tail"
    finding = Finding("same picture", Verdict.HIDDEN, tail[0], tail[1] - tail[0], sentence)
    return replace(each, inspection=replace(each.inspection, findings=(*each.inspection.findings, finding)))


def _digest(path: Path, span: tuple[int, int] | None) -> bytes | None:
    return None if span is None else digests(path, span, "sha256")[0]


def digests(path: Path, span: tuple[int, int] | None, *names: str) -> list[bytes]:
    """Digests of a part of a file (None: of all of it) by the algorithms that :mod:`hashlib` calls so.

    Raises :class:`~lodger.errors.InputError` for a file that cannot be read.
    """
    told = [hashlib.new(name, usedforsecurity=False) for name in names]
    with opened(path) as data:
        start, end = span or (0, data.end)
        for at in range(start, min(end, data.end), _PIECE):
            piece = data.head(at, min(_PIECE, end - at))
            for each in told:
                each.update(piece)
    return [each.digest() for each in told]
