"""Signatures older than their signer's revocation (what is younger: test_revoked_signer.py)."""

from __future__ import annotations

from datetime import datetime

from tests.evidence.signing import KEY, SIGNER, ecs, said, sentences, signed

from lodger.model.trust import Kind


def test_the_day_of_the_revocation_itself_is_not_before_it() -> None:
    rows = signed(**ecs(subject_name=SIGNER, timestamp="2021-05-01T00:00:00Z", thumbprint_sha256="ab" * 32))
    told = {"thumbprint": "ab" * 32, "signer": SIGNER}
    assert sentences("revoked_after_signing", rows, said(Kind.REVOKED, **told)) == []
    later = said(Kind.REVOKED, **told, valid_from=datetime(2021, 5, 1, 0, 0, 1))
    sentence = (
        "signed by Acme Ltd on 2021-05-01, before it was revoked from 2021-05-01 (an advisory), learned 2021-06-01"
    )
    assert sentences("revoked_after_signing", rows, later) == [("ws1", KEY, sentence)]
