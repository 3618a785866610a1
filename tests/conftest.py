"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("lodger", deadline=None)
settings.load_profile("lodger")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real test data, which is not part of the project."""
    folder = Path(os.environ.get("LODGER_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real test data is not at {folder}; set LODGER_DATA to the folder that holds it")
    return folder
