"""Pictures of real cameras and phones: nothing is hidden in them, and what is put into them is found."""

from __future__ import annotations

import zipfile
from pathlib import Path
from random import Random

import pytest
from tests.disguise.writers import PLACES

from lodger.disguise import Verdict, examine, inspect


@pytest.fixture(scope="module")
def pictures(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("pictures")
    with zipfile.ZipFile(shared_data / "jpeg" / "exif-samples.zip") as archive:
        for number, name in enumerate(sorted(each for each in archive.namelist() if each.endswith(".jpg"))):
            (folder / f"{number}.jpg").write_bytes(archive.read(name))
    return sorted(folder.iterdir())


def test_nothing_is_found_in_any(pictures: list[Path]) -> None:
    found = inspect(pictures)
    assert len(found.files) == len(pictures) > 40
    assert {each.file: each.findings for each in found.files if each.findings} == {}


@pytest.mark.parametrize("place", PLACES["jpeg"])
def test_random_bytes_in_any_are_found(place: str, pictures: list[Path], tmp_path: Path) -> None:
    rng, tried = Random(7), 0
    for path in pictures:
        planted = PLACES["jpeg"][place](path.read_bytes(), rng.randbytes(rng.choice((80, 1000, 30_000))), rng)
        if planted is None:
            continue
        tried += 1
        (tmp_path / "x.jpg").write_bytes(planted.content)
        found = examine(tmp_path / "x.jpg")
        assert found is not None
        assert found.inspection.verdict is Verdict.HIDDEN, path.name
    assert tried
