from __future__ import annotations

import time
from collections import Counter

from tests.trust import mutations
from tests.trust.judging import NOW, roots
from tests.trust.proof import still_covered

from lodger.trust import verify

COUNT = 300


def test_the_files_are_valid_before_they_are_changed() -> None:
    for of in mutations.made():
        assert verify(of.content, roots(), at=NOW, name=of.name).verdict == "valid", of.name
        assert still_covered(of, of.content), of.name


def test_changed_files_are_valid_only_where_all_that_is_signed_is_still_there() -> None:
    verdicts = Counter[str]()
    for of, content in mutations.cases(COUNT, 7, mutations.made()):
        began = time.process_time()
        told = verify(content, roots(), at=NOW, name=of.name)
        assert time.process_time() - began < 1
        verdicts[told.verdict.value] += 1
        assert told.verdict != "valid" or still_covered(of, content), (of.name, told)
    assert verdicts["altered"] > COUNT / 5
    assert verdicts["malformed"] > COUNT / 20
    assert verdicts["valid"] > 0
