"""A day's rows of the wire, told by several processes host after host, put in order and written without holding a day.

Rows go into parts by the hour, one file for each process that tells; an hour's parts are sorted together. Rows begin
with their time in equally many digits and are ordered as text, so that who told them does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from isal import isal_zlib

from lodger.lab.zeek import LOGS, header

_HOURS: Final = 24
_LEVEL: Final = 1  # of 0 to 3: the files are read once or twice, and the next level takes half as long again
_GZIP: Final = 31  # zlib's number for a gzip header around a window of 32 KB
_SMALL: Final = 400  # hosts; a day of fewer is sorted at once


def packed(chunks: Iterator[str]) -> Iterator[bytes]:
    """Text as gzip, without a time in the header: the same text is the same bytes."""
    packer = isal_zlib.compressobj(_LEVEL, wbits=_GZIP)
    for chunk in chunks:
        yield packer.compress(chunk.encode())
    yield packer.flush()


@dataclass(frozen=True)
class Spool:
    """Where the parts of a fleet's days wait; ``folder`` is scratch, ``hosts`` how many hosts there are."""

    folder: Path
    hosts: int

    @property
    def _blocks(self) -> int:
        return 1 if self.hosts < _SMALL else _HOURS

    def put(self, day: str, midnight: int, teller: int, rows: dict[str, list[str]]) -> None:
        """Add rows of the day that begins at ``midnight`` (seconds since 1970), and forget them."""
        for path, lines in rows.items():
            for block, some in enumerate(self._split(lines, midnight)):
                if some:
                    some.append("")
                    with (self.folder / f"{day}.{path}.{block}.{teller}").open("a", encoding="utf-8") as file:
                        file.write("\n".join(some))
            lines.clear()

    def _split(self, lines: list[str], midnight: int) -> Sequence[list[str]]:
        if self._blocks == 1:
            return (list(lines),)
        blocks: list[list[str]] = [[] for _ in range(_HOURS)]
        for line in lines:
            hour = (int(line[:10]) - midnight) // 3_600
            blocks[min(max(hour, 0), _HOURS - 1)].append(line)
        return blocks

    def write(self, folder: Path, day: str, tellers: int) -> int:
        """Write the day's logs, of which all is told, into ``folder``; returns how many rows there are."""
        folder.mkdir(parents=True, exist_ok=True)
        return sum(self._log(folder, path, day, tellers) for path in LOGS)

    def _log(self, folder: Path, path: str, day: str, tellers: int) -> int:
        parts = [
            [self.folder / f"{day}.{path}.{block}.{teller}" for teller in range(tellers)]
            for block in range(self._blocks)
        ]
        there = [[part for part in block if part.exists()] for block in parts]
        if not any(there):
            return 0
        count = 0

        def chunks() -> Iterator[str]:
            nonlocal count
            yield header(path, day) + "\n"
            seen: set[str] = set()
            for block in there:
                lines = _lines(block)
                if path == "x509":  # Zeek logs a certificate once a day
                    lines = [line for line in lines if _first(line, seen)]
                count += len(lines)
                yield "".join(lines)
            yield f"#close\t{day}-23-59-59\n"

        with (folder / f"{path}.log.gz").open("wb") as file:
            file.writelines(packed(chunks()))
        return count


def _lines(block: list[Path]) -> list[str]:
    """The lines of some parts in order; the parts are gone then."""
    lines: list[str] = []
    for part in block:
        lines += part.read_text(encoding="utf-8").splitlines(keepends=True)
        part.unlink()
    lines.sort()
    return lines


def _first(line: str, seen: set[str]) -> bool:
    mark = line[18:82]  # the fingerprint, after the time
    known = mark in seen
    seen.add(mark)
    return not known
