"""From a certificate to a trusted root (RFC 5280, 6): the ways there, and what is wrong with each.

Time is asked last, so that a way is found once and judged for any moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from lodger.trust import keys
from lodger.trust.certificates import (
    BASIC,
    CONSTRAINTS,
    DIGITAL_SIGNATURE,
    NON_REPUDIATION,
    SIGNS_CERTIFICATES,
    Certificate,
)
from lodger.trust.constraints import outside
from lodger.trust.der import MalformedError
from lodger.trust.names import ANY_USAGE, CODE_SIGNING, TIME_STAMPING
from lodger.trust.roots import Roots

Way = tuple[Certificate, ...]

_LONGEST: Final = 8
_MOST: Final = 8
#: Signatures that are checked for the ways of one certificate; a bag full of namesakes ends there.
_EFFORT: Final = 24
_FOR: Final = {CODE_SIGNING: "sign code", TIME_STAMPING: "stamp times"}


@dataclass(frozen=True)
class Standing:
    """The best way to a root at a moment: leaf first. ``reason`` says why it is not trusted, or not at that time."""

    path: Way
    trusted: bool
    within: bool
    reason: str = ""


@lru_cache(4096)
def standing(leaf: Certificate, bag: frozenset[Certificate], roots: Roots, usage: str, when: datetime) -> Standing:
    """What a certificate is worth for ``usage`` at ``when``; ``bag`` are certificates that may stand between."""
    ways, dead = _ways(leaf, bag, roots)
    found = [_judged(path, roots, usage, when) for path in ways]
    for wanted in (True, False):
        for each in found:
            if each.trusted and each.within >= wanted:
                return each
    return found[0] if found else Standing(dead, trusted=False, within=False, reason=_why_none(dead, bag, roots))


def _judged(path: Way, roots: Roots, usage: str, when: datetime) -> Standing:
    reason = fault(path, usage, roots, when)
    late = _outside(path, when)
    return Standing(path, reason is None, late is None, reason or late or "")


def fault(path: Way, usage: str, roots: Roots, when: datetime) -> str | None:
    """Why a way to a root does not make its leaf trusted for ``usage``; None where it does, whatever the time."""
    leaf, root = path[0], path[-1]
    if leaf.usages is not None and not leaf.usages & {usage, ANY_USAGE}:
        return f"the certificate may not {_FOR[usage]}"
    if leaf.usages is None and usage == TIME_STAMPING:
        return "the certificate does not say that it may stamp times"
    if leaf.key_usage is not None and not leaf.key_usage & (DIGITAL_SIGNATURE | NON_REPUDIATION):
        return "the certificate's key may not sign"
    for depth, each in enumerate(path[1:]):
        reason = _unfit(each, depth, usage, trusted=each is root)
        if reason is not None:
            return f"{each}: {reason}"
    strange = next((each for each in path if each.strange), None)
    if strange is not None:
        return f"{strange}: has a critical extension {strange.strange[0]}, which is not known here"
    reason = _constrained(path)
    if reason is not None:
        return reason
    terms = roots.terms.get(root.sha1)
    return None if terms is None else terms.refuse(leaf, usage, when)


def _unfit(issuer: Certificate, depth: int, usage: str, *, trusted: bool) -> str | None:
    """Why a certificate may not have issued the one before it; ``depth`` authorities stand between it and the leaf."""
    if not issuer.authority and (not trusted or BASIC in issuer.extensions):  # the oldest roots say nothing of it
        return "is no authority, and issued a certificate"
    if issuer.path_length is not None and depth > issuer.path_length:
        return f"may have {issuer.path_length} authorities below it, and has {depth}"
    if issuer.key_usage is not None and not issuer.key_usage & SIGNS_CERTIFICATES:
        return "its key may not sign certificates"
    if issuer.usages is not None and not issuer.usages & {usage, ANY_USAGE}:
        return f"may not issue certificates that {_FOR[usage]}"
    return None


def _constrained(path: Way) -> str | None:
    for at, each in enumerate(path):
        value = each.extensions.get(CONSTRAINTS)
        if value is None:
            continue
        try:
            named = next((below for below in path[:at] if outside(below, value)), None)
        except MalformedError as error:
            return f"{each}: its name constraints cannot be read: {error}"
        if named is not None:
            return f"{each}: may not issue to the name {named}"
    return None


def _outside(path: Way, when: datetime) -> str | None:
    for each in path:
        if when < each.not_before:
            return f"{each}: valid from {each.not_before:%Y-%m-%d %H:%M} on only"
        if when > each.not_after:
            return f"{each}: expired at {each.not_after:%Y-%m-%d %H:%M}"
    return None


@lru_cache(4096)
def _ways(leaf: Certificate, bag: frozenset[Certificate], roots: Roots) -> tuple[tuple[Way, ...], Way]:
    """Ways to trusted roots, shortest first, and the longest one that leads to none."""
    found: list[Way] = []
    dead: Way = (leaf,)
    pending: list[Way] = [(leaf,)]
    effort = _EFFORT
    while pending and len(found) < _MOST and effort > 0:
        path = pending.pop(0)
        last = path[-1]
        if roots.holds(last):
            found.append(path)
            continue
        dead = max(dead, path, key=len)
        if len(path) >= _LONGEST:
            continue
        for issuer in _issuers(last, bag, roots):
            effort -= 1
            if effort >= 0 and issuer not in path and signed_by(last, issuer):
                pending.append((*path, issuer))
    return tuple(found), dead


def _issuers(of: Certificate, bag: frozenset[Certificate], roots: Roots) -> Iterator[Certificate]:
    trusted = roots.by_subject.get(of.issuer, ())
    yield from trusted
    named = (each for each in bag if each.subject == of.issuer and each not in trusted)
    yield from sorted(named, key=lambda each: each.der)


@lru_cache(8192)
def signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer's key signed the certificate."""
    return keys.stands(issuer.spki, certificate.algorithm, certificate.signature, certificate.tbs)


def _why_none(dead: Way, bag: frozenset[Certificate], roots: Roots) -> str:
    last = dead[-1]
    if last.names_itself:
        return f"{last}: a root that is not trusted"
    if any(True for _ in _issuers(last, bag, roots)):
        return f"{last}: was not signed by the issuer that it names, but by another key"
    return f"{last}: its issuer is neither trusted nor in the signature"
