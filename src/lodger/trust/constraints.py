"""Name constraints (RFC 5280, 4.2.1.10): which names an authority may issue to.

Directory names are compared; for names of other kinds (mail, DNS), which code signers hardly have, any constraint on
their kind is taken as broken, so that what is not understood is not trusted.
"""

from __future__ import annotations

from typing import Final

from lodger.trust.certificates import ALTERNATIVE_NAMES, Certificate
from lodger.trust.der import SEQUENCE, Der, read

_DIRECTORY: Final = 0xA4


def outside(certificate: Certificate, constraints: bytes) -> bool:
    """Whether a certificate has a name that the constraints of an authority above it do not allow."""
    names = [each for each in _alternative(certificate) if each[0] != _DIRECTORY]
    directory = [certificate.subject, *(raw for tag, raw in _alternative(certificate) if tag == _DIRECTORY)]
    for field in read(constraints).of(SEQUENCE):
        trees = [each.parts(SEQUENCE, 1)[0] for each in field]
        within = [tree.inner().raw for tree in trees if tree.tag == _DIRECTORY]
        others = {tree.tag & 0x1F for tree in trees if tree.tag != _DIRECTORY}
        if any(tag & 0x1F in others for tag, _ in names):
            return True
        under = [any(_begins(name, tree) for tree in within) for name in directory if len(name) > 2]
        if field.tag == 0xA0 and within and not all(under):
            return True
        if field.tag == 0xA1 and any(under):
            return True
    return False


def _alternative(certificate: Certificate) -> list[tuple[int, bytes]]:
    value = certificate.extensions.get(ALTERNATIVE_NAMES)
    return [] if value is None else [(each.tag, _content(each)) for each in read(value).of(SEQUENCE)]


def _content(name: Der) -> bytes:
    return name.inner().raw if name.tag == _DIRECTORY else name.content


def _begins(name: bytes, tree: bytes) -> bool:
    parts, wanted = ([each.raw for each in read(raw).of(SEQUENCE)] for raw in (name, tree))
    return parts[: len(wanted)] == wanted
