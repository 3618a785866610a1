"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing about the code. In continuous integration the
# examples are the same every time: what fails there is the change, and new ones are found by everybody's own runs.
settings.register_profile(
    "lodger", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("lodger")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real test data, which is not part of the project."""
    folder = Path(os.environ.get("LODGER_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"real test data is not at {folder}; set LODGER_DATA to the folder that holds it")
    return folder
