"""Certificate trust lists (MS-CAESO 2.2.1): the form of catalogs, and of Microsoft's list of roots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lodger.trust.der import GENERAL_TIME, OID, SEQUENCE, SET, UTC_TIME, Der

#: The content type of such a list.
TRUST_LIST: Final = "1.3.6.1.4.1.311.10.1"
#: What a list is for, where it is a catalog.
CATALOG: Final = "1.3.6.1.4.1.311.12.1.1"


@dataclass(frozen=True)
class Member:
    """One entry: its identifier, and its attributes' values by their numbers."""

    identifier: bytes
    attributes: Mapping[str, Der]


def usages(content: Der) -> tuple[str, ...]:
    """What the list is for."""
    fields = [each for each in content.parts(SEQUENCE, 2) if each.tag == SEQUENCE]
    return tuple(each.oid() for each in fields[0] if each.tag == OID) if fields else ()


def members(content: Der) -> Iterator[Member]:
    """The entries, in order: those of the second sequence behind the time, the first being the algorithm."""
    timed, sequences = False, 0
    for field in content.of(SEQUENCE):
        timed = timed or field.tag in (UTC_TIME, GENERAL_TIME)
        sequences += timed and field.tag == SEQUENCE
        if sequences == 2:
            for each in field:
                identifier, *attributes = each.parts(SEQUENCE, 1)
                found = (one.parts(SEQUENCE, 2)[:2] for one in (attributes[0].of(SET) if attributes else ()))
                yield Member(identifier.octets(), {number.oid(): values.of(SET) for number, values in found})
            return
