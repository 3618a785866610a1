"""Times of building and of signing that do not fit."""

from __future__ import annotations

from datetime import datetime

from tests.analysis.records import Process, Record, at, flow, loaded, request, zeek
from tests.evidence.signing import KEY, PROGRAM, SIGNER, ecs, sentences


def _seen(built: datetime, signed: str) -> list[Record]:
    told = ecs(subject_name=SIGNER, timestamp=f"{signed}T00:00:00Z")
    return [
        loaded(Process("WS1", PROGRAM), at(hours=1), signer=SIGNER, Hashes="SHA256=" + "AB" * 32, **told),
        flow("C1", at(), "192.0.2.2", 80),
        request("C1", at(), "192.0.2.2", "b.example", "/x.exe"),
        zeek("files", at(), fuid="F1", uid="C1", is_orig=False, filename="x.exe", sha256="ab" * 32),
        zeek("pe", at(), id="F1", compile_ts=built, has_cert_table=True),
    ]


def test_built_after_it_was_signed_and_built_long_before_are_found() -> None:
    after = sentences("compiled_after_signing", _seen(datetime(2020, 5, 3), "2020-05-01"))
    assert after == [("ws1", KEY, "built on 2020-05-03 and signed on 2020-05-01")]
    before = sentences("compiled_after_signing", _seen(datetime(2010, 5, 3), "2020-05-01"))
    assert before == [("ws1", KEY, "built on 2010-05-03 and signed on 2020-05-01")]


def test_the_usual_order_and_times_that_are_none_are_not() -> None:
    for built in (datetime(2020, 5, 1, 12), datetime(2016, 1, 1), datetime(2098, 1, 1), datetime(1970, 1, 1)):
        assert sentences("compiled_after_signing", _seen(built, "2020-05-01")) == []
