"""What Lodger's own programs do when they start."""

from __future__ import annotations

import subprocess
import sys

import pytest

_SCRIPT = """
import sys
from lodger.startup import without_pandas
without_pandas()
import pyarrow as pa
assert pa.array([1, None]).null_count == 1
assert "pandas" not in sys.modules
try:
    import pandas
except ImportError as error:
    print(error)
import wave
"""


def test_arrow_works_and_nothing_imports_pandas() -> None:
    pytest.importorskip("pandas", exc_type=ImportError)
    done = subprocess.run([sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("pandas is not used here\n", "")
