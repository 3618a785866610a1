"""What Lodger's own programs do when they start."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from lodger.startup import kept_memory

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


GLIBC = hasattr(ctypes.CDLL(None), "mallopt")


@pytest.mark.parametrize(
    ("chosen", "pool", "added"), [(None, "system", True), ("system", "system", True), ("mimalloc", "mimalloc", False)]
)
@pytest.mark.skipif(not GLIBC, reason="this C library's allocator has no options")
def test_memory_is_kept_unless_the_user_has_chosen(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, pool: str, added: bool
) -> None:
    monkeypatch.delenv("ARROW_DEFAULT_MEMORY_POOL", raising=False)
    if chosen:
        monkeypatch.setenv("ARROW_DEFAULT_MEMORY_POOL", chosen)
    script = "import pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    for start, environment in (("import lodger.startup as s; s.keep_memory(); ", {}), ("", kept_memory())):
        done = subprocess.run(
            [sys.executable, "-c", start + script],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == pool
    assert ("MALLOC_TOP_PAD_" in kept_memory()) == added
