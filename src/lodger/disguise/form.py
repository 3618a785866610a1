"""What a module in ``disguise/formats`` declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lodger.disguise.octets import Octets
from lodger.disguise.trace import Trace

#: How much of a file's beginning decides its kind, in bytes.
HEAD: Final = 2048


class Group(StrEnum):
    """What a kind of file is to whom who opens it."""

    PICTURE = "picture"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    PROGRAM = "program"


@dataclass(frozen=True)
class Format:
    """One kind of file.

    ``sniff`` says whether a file's first :data:`HEAD` bytes are of this format. ``walk`` follows the structure from
    beginning to end and tells the trace what it finds; where the structure cannot be followed it raises
    :class:`~lodger.disguise.octets.BrokenError`, and nothing else. It takes time that grows with the file's size at
    most, and little memory. ``names`` are the file name extensions of the format, lower case without the dot;
    ``looked_at`` says in a line what the walk looks at. ``claimed`` formats are looked for only in files whose name
    says that they are a picture or a document. ``begun`` is asked about a file that no format knows and whose name
    says that it is of this one: whether it is, with something in its beginning that does not belong there.
    """

    name: str
    title: str
    group: Group
    names: frozenset[str]
    looked_at: str
    sniff: Callable[[bytes], bool]
    walk: Callable[[Octets, Trace], None]
    claimed: bool = False
    begun: Callable[[Octets], bool] | None = None
