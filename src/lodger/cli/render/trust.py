"""What signatures are worth: lines per file for people, an array for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from rich.padding import Padding
from rich.text import Text

from lodger.cli.render.data import FORMAT_VERSION, as_json, instant
from lodger.cli.terminal import complain, draw, emit, hostile
from lodger.telemetry.walk import display
from lodger.trust import FileVerdict, Identity, Revocation, Signature, Status, Verdict, Verified, Word


def print_verified(verified: Verified, *, as_table: bool) -> None:
    """Print the files for people, but those of kinds that have no signature; for programs all."""
    if as_table:
        draw(*_parts(verified))
    else:
        emit(as_json([file_fields(each) for each in verified.files]))


def tell_verified(verified: Verified) -> None:
    """How many files there are of each verdict, of how many kinds nothing can be said, and what was not read."""
    for each in verified.unread:
        complain(f"{display(each.file)}: {each.reason}")
    shown = [each for each in verified.files if _shown(each)]
    verdicts = Counter(each.verdict for each in shown)
    told = [f"{verdicts[verdict]:,} {verdict.value}" for verdict in Verdict if verdicts[verdict]]
    passed = f"{len(verified.files) - len(shown):,} of kinds whose signatures are not looked at"
    complain(f"{len(shown):,} files verified ({', '.join(told) or 'none'}), {passed}")


def file_fields(file: FileVerdict) -> dict[str, Any]:
    """One file with its signatures."""
    return {
        "format_version": FORMAT_VERSION,
        "file": display(file.file),
        "kind": file.kind,
        "size": file.size,
        "verdict": file.verdict.value,
        "reason": file.reason,
        "flags": list(file.flags),
        "signatures": [signature_fields(each) for each in file.signatures],
    }


def signature_fields(signature: Signature) -> dict[str, Any]:
    """One signature; what it does not tell is null."""
    signer, stamp = signature.signer, signature.stamp
    return {
        "place": signature.place,
        "catalog": None if signature.catalog is None else display(signature.catalog),
        "verdict": signature.verdict.value,
        "reason": signature.reason,
        **_identity(signer),
        "publisher": signature.publisher,
        "chain": [_identity(each) for each in signature.chain],
        "digest_algorithm": signature.digest_algorithm,
        "fingerprint": signature.fingerprint,
        "signing_time": instant(stamp.time) if stamp else None,
        "time_source": stamp.word.value if stamp else Word.NONE.value,
        "time_trusted": stamp.trusted if stamp else False,
        "time_reason": stamp.reason if stamp else "",
        "time_authority": stamp.authority.subject if stamp and stamp.authority else None,
        "revocation": signature.status.value,
        "revocations": [_revocation(each) for each in signature.revocations],
        "flags": list(signature.flags),
    }


def _identity(of: Identity | None) -> dict[str, Any]:
    return {
        "signer": of.subject if of else None,
        "issuer": of.issuer if of else None,
        "serial": of.serial if of else None,
        "thumbprint": of.thumbprint if of else None,
        "sha256": of.sha256 if of else None,
        "spki_sha256": of.spki_sha256 if of else None,
        "not_before": instant(of.not_before) if of else None,
        "not_after": instant(of.not_after) if of else None,
        "ekus": list(of.usages) if of else [],
    }


def _revocation(of: Revocation) -> dict[str, Any]:
    return {
        "certificate": of.subject,
        "serial": of.serial,
        "revocation_date": instant(of.date),
        "invalidity_date": instant(of.invalidity),
        "reason": of.reason,
    }


def _shown(file: FileVerdict) -> bool:
    return bool(file.signatures) or "kind-not-verified" not in file.flags


def _parts(verified: Verified) -> Iterator[Text | Padding]:
    for file in verified.files:
        if not _shown(file):
            continue
        yield hostile(f"{file.verdict.value}: {display(file.file)} ({file.kind})", 400, "bold")
        if not file.signatures and file.reason:
            yield _line(file.reason)
        for each in file.signatures:
            yield from _signature(each)
        if file.flags:
            yield _line(f"flags: {', '.join(file.flags)}")


def _signature(signature: Signature) -> Iterator[Padding]:
    signer = signature.signer
    yield _line(f"{signature.place}: {signature.verdict.value}{signature.reason and f', {signature.reason}'}")
    if signature.catalog is not None:
        yield _line(f"in {display(signature.catalog)}", 4)
    if signer is not None:
        yield _line(f"{signer.subject}", 4)
        yield _line(f"by {signer.issuer}, serial {signer.serial}", 4)
        yield _line(f"thumbprint {signer.thumbprint}, {signature.digest_algorithm}, {_when(signature)}", 4)
    if signature.status is not Status.UNKNOWN:
        yield _line(f"revocation: {signature.status.value}", 4)


def _when(signature: Signature) -> str:
    stamp = signature.stamp
    if stamp is None:
        return "no word on when"
    doubt = "" if stamp.trusted else f", not believed ({stamp.reason})"
    return f"signed {stamp.time:%Y-%m-%d %H:%M} ({stamp.word.value}{doubt})"


def _line(text: str, indent: int = 2) -> Padding:
    return Padding(hostile(text, 400), (0, 0, 0, indent))
