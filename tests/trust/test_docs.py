"""docs/trust.md names every flag and field that a result can have."""

from __future__ import annotations

import re
from pathlib import Path

from tests.trust import files, makers
from tests.trust.judging import IN_TIME, STAMP, crls, look

from lodger.cli.render.trust import file_fields
from lodger.trust import Status, Verdict, Word

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")


def _flags() -> set[str]:
    folder = ROOT / "src" / "lodger" / "trust"
    modules = [*folder.glob("*.py"), *(folder / "formats").glob("*.py")]
    quoted = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')
    return {found[1] for module in modules for found in quoted.finditer(module.read_text(encoding="utf-8"))}


def test_every_flag_is_on_the_page() -> None:
    flags = _flags()
    assert {"padding-after-signature", "weak-digest", "kind-not-verified", "names-not-covered"} <= flags
    assert {flag for flag in flags if f"`{flag}`" not in PAGE} == set()


def test_every_verdict_status_and_word_is_on_the_page() -> None:
    for kind in (Verdict, Status, Word):
        for each in kind:
            assert re.search(rf"\| {re.escape(each.value)} \||`{re.escape(each.value)}`", PAGE), each


def test_every_field_of_the_json_is_on_the_page() -> None:
    lists = crls(makers.revocations(makers.middle(), (makers.signer(), IN_TIME, None)))
    told = file_fields(look(files.signed(stamps=[STAMP]), lists=lists))
    (signature,) = told["signatures"]
    fields = {*told, *signature, *signature["chain"][0], *signature["revocations"][0]}
    assert {field for field in fields if f"`{field}`" not in PAGE} == set()
