"""What is read by columns comes out as it does row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry.readers import zeek_tsv

FIELDS: Final = (
    "ts uid id.orig_h id.orig_p proto duration orig_bytes local_orig tunnel_parents service new_field uid",
    "time string addr port enum interval count bool set[string] string string string",
)
#: For each field, what stands there nearly always; and what may stand anywhere, rarely.
USUAL: Final = (
    ("1692161622.036086", "1692161623.000001", "1000000000.999999"),
    ("C1", "-", "Cä", "(empty)", "a b"),
    ("10.0.0.1", "fe80::1", "-"),
    ("52605", "0", "-"),
    ("tcp", "udp"),
    ("1.5", "0.000001", "12", "1e-5", "-", "3."),
    ("0", "7", "123456789012345678", "-"),
    ("T", "F", "-", "true"),
    ("-", "(empty)", "Ca,Cb", "Ca,-", ",", "Ca"),
    ("http", "-", "(empty)"),
    ("-", "vlan 7", "(empty)"),
    ("-", "again"),
)
ODD: Final = (
    "", " ", " 5", "5 ", "0x1f", "0X1F", "007", "-0", "-5", "+5", "00000000000000000000007", "99999999999",
    "2147483648", "9223372036854775808", "inf", "nan", "NAN", "1e400", "1_0", ".5", "1692161622", "1692161622.0360861",
    "2023-08-16T04:53:42Z", "9999999999.000000", "0000000000.000000",
    "\\x41\\\\", "a\rb", "x\x0by", "\x00", "#", "\"q\"",
    "'", "a\tb", "٣", "T ", "t", "(empty)(empty)", "--", "\ufeff", "a\\", "1692161622.03608٣", "e", "1,5", "\u2028",
)  # fmt: skip

lines = st.tuples(*(st.sampled_from(choices) for choices in USUAL)).map("\t".join)
odd_lines = st.tuples(lines, st.integers(0, 11), st.sampled_from(ODD)).map(
    lambda made: "\t".join(made[2] if i == made[1] else part for i, part in enumerate(made[0].split("\t")))
)
other_lines = st.sampled_from(
    ["", " ", "\t" * 11, "#close\t2023", "#path\thttp", "#unset_field\t(null)", "#empty_field\t", "1692161622.036086"]
)


def head(separator: str = "\t") -> str:
    escaped = "".join(f"\\x{byte:02x}" for byte in separator.encode())
    fields, types = (separator.join(part.split()) for part in FIELDS)
    lines = [
        f"#separator {escaped}",
        f"#set_separator{separator},",
        f"#empty_field{separator}(empty)",
        f"#unset_field{separator}-",
        f"#path{separator}conn",
        f"#fields{separator}{fields}",
        f"#types{separator}{types}",
    ]
    return "\n".join([*lines, ""])


def both(content: bytes, folder: Path) -> tuple[list[Item], list[Item]]:
    path = folder / "conn.log"
    path.write_bytes(content)
    source = SourceFile(path, "conn.log", "f" * 64, "f" * 64, len(content))
    return list(zeek_tsv._read(source)), list(zeek_tsv._read(source, by_columns=False))


def whole(items: list[Item]) -> dict[str, list[dict[str, object]] | list[Aside]]:
    tables: dict[str, list[pa.RecordBatch]] = {}
    for item in items:
        if isinstance(item, Batch):
            item.data.validate(full=True)
            tables.setdefault(item.table, []).append(item.data)
    asides = [item for item in items if isinstance(item, Aside)]
    return {name: pa.Table.from_batches(parts).to_pylist() for name, parts in tables.items()} | {"": asides}


@pytest.fixture(autouse=True)
def every_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zeek_tsv, "_WORTH_IT", 0)


@settings(max_examples=300)
@given(
    content=st.lists(
        st.one_of(st.lists(lines, min_size=1, max_size=4).map("\n".join), odd_lines, other_lines),
        min_size=1,
        max_size=6,
    ),
    separator=st.sampled_from("\t\t\t,|"),
    ended=st.booleans(),
    broken=st.sampled_from([b"", b"", b"", b"\xff", b"\xc3"]),
)
def test_both_ways_give_the_same(
    content: list[str], separator: str, ended: bool, broken: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    body = (head() + "\n".join(content) + "\n" * ended).replace("\t", separator)
    data = (head(separator) + body[len(head()) :]).encode() + broken
    quick, slow = both(data, tmp_path_factory.mktemp("log"))
    assert whole(quick) == whole(slow)


def test_a_plain_log_is_read_by_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ["\t".join(choices[i % len(choices)] for choices in USUAL) for i in range(20_000)]
    content = (head() + "\n".join(rows) + "\n").encode()
    quick, slow = both(content, tmp_path)
    assert whole(quick) == whole(slow)

    def headers_only(layout: zeek_tsv._Layout, stretch: bytes, *_: object) -> tuple[()]:
        layout.header(stretch.decode()[1:-1])
        return ()

    monkeypatch.setattr(zeek_tsv, "_by_rows", headers_only)
    by_columns, _ = both(content, tmp_path)
    assert sum(item.data.num_rows for item in by_columns if isinstance(item, Batch)) == 20_000


def test_one_odd_row_costs_only_its_block(tmp_path: Path) -> None:
    row = "\t".join(choices[0] for choices in USUAL)
    content = (head() + f"{row}\n" * 15_000 + row.replace("52605", "0x1f") + "\n" + f"{row}\n" * 15_000).encode()
    quick, slow = both(content, tmp_path)
    assert whole(quick) == whole(slow)
    assert max(item.data.num_rows for item in quick if isinstance(item, Batch)) > 8_000
