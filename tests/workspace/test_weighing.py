"""A case weighed with a file's shares says so, and is weighed with them again when something is learned."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from lodger.cli import run
from lodger.errors import InputError
from lodger.lab import write_fleet
from lodger.ledger import identified
from lodger.model.trust import Kind, Statement
from lodger.verdict import Shares
from lodger.verdict.settings import shipped, written
from lodger.workspace import Workspace

NOTE = "weighed with the shares of shares.json (made from 20 lives of 5 families): {} detectors"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weighing")
    write_fleet(folder / "fleet", seed=2, hosts=2, days=3)
    workspace = Workspace.create_or_open(folder / "case")
    workspace.ingest([folder / "fleet" / "hosts"])
    workspace.analyse()
    return folder / "case"


def _file(folder: Path, shares: dict[str, Shares]) -> Path:
    (folder / "shares.json").write_bytes(written(shares, "20 lives of 5 families"))
    return folder / "shares.json"


def test_shares_of_a_file_weigh_until_the_next_analysis_and_the_case_says_so(case: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(case)
    before = workspace.ranked()
    shown = workspace.life(before[0].stay_id).evidence[0].detector
    path = _file(tmp_path, {shown: Shares(p_implant=0.987), "of_another_version": Shares(0.5)})
    told = f"{NOTE.format(2)}; not known here: of_another_version"
    assert told in workspace.analyse(shares=path).notes
    after = workspace.ranked()
    assert {each.stay_id for each in after} == {each.stay_id for each in before}
    assert after != before

    path.unlink()
    strange = Statement(Kind.ABUSED, "a list", known_from=datetime(2024, 1, 1), signer="Nobody of this fleet")
    assert workspace.learn([identified(strange)]).statements == 1
    assert workspace.ranked() == after
    assert told in workspace.summary().notes
    life = workspace.life(before[0].stay_id)
    assert life.shares == told
    (term,) = [each for each in life.evidence if each.detector == shown]
    assert term.p_implant == 0.987

    assert not any(note.startswith("weighed with") for note in workspace.analyse().notes)
    assert workspace.ranked() == before
    assert workspace.life(before[0].stay_id).shares is None


def test_what_the_shipped_shares_say_changes_nothing_when_a_file_says_it(case: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(case)
    before = workspace.ranked()
    workspace.analyse(shares=_file(tmp_path, dict(shipped())))
    assert workspace.ranked() == before
    workspace.analyse()


def test_another_file_stops_before_anything_is_weighed(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Workspace.open(case).ranked()
    (tmp_path / "shares.json").write_text("{}")
    with pytest.raises(InputError, match="no file of shares"):
        Workspace.open(case).analyse(shares=tmp_path / "shares.json")
    assert run(["analyse", "--case", str(case), "--shares", str(tmp_path / "none.json")]) == 2
    assert "none.json cannot be read" in capsys.readouterr().err
    assert Workspace.open(case).ranked() == before
