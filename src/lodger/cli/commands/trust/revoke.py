"""``lodger trust revoke``: a certificate no longer counts, by hand."""

from __future__ import annotations

from lodger.cli.learning import Detail, From, Issuer, Learned, Serial, Signer, Source, Thumbprint, now, state
from lodger.cli.options import CASE, CaseDirectory
from lodger.cli.render.ledger import LedgerFormat, LedgerOutput

EXAMPLE = 'lodger trust revoke --serial 0fa27d25 --from 2010-12-01 --source "vendor advisory"'


def revoke(
    serial: Serial = None,
    issuer: Issuer = None,
    thumbprint: Thumbprint = None,
    signer: Signer = None,
    since: From = None,
    source: Source = "by hand",
    detail: Detail = None,
    learned: Learned = None,
    case: CaseDirectory = CASE,
    form: LedgerOutput = LedgerFormat.TABLE,
) -> int:
    """State that a signer's certificate was revoked.

    By serial number (and issuer), thumbprint, or the signer's name where the sensors tell no more. Every stay that is
    touched is weighed anew at once, back to the first day in the case.
    """
    from lodger.ledger.normal import instant
    from lodger.model.trust import Kind, Statement

    statement = Statement(
        kind=Kind.REVOKED,
        source=source,
        known_from=now(learned),
        valid_from=instant(since),
        detail=detail,
        serial=serial,
        issuer=issuer,
        thumbprint=thumbprint,
        signer=signer,
    )
    state(case, statement, form)
    return 0
