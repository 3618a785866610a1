"""Where zeek is on the PATH, it reads captures: its logs become Zeek's tables."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from tests.disguise import writers
from tests.telemetry.conftest import Reading
from tests.telemetry.readers.capture_writer import CLIENT, SERVER, connection, get, pcap, udp

from lodger.model.telemetry import SourceFile
from lodger.telemetry import zeek_program
from lodger.telemetry.discovery import choose, claims
from lodger.telemetry.readers.pcap_zeek import READER

Read = Callable[[str, bytes], Reading]
Zeek = Callable[[str], Path]

CAPTURE = pcap([udp((CLIENT, 1, SERVER, 9), b"x")])

CONN = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n"
    "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\n"
    "1600000000.5\tC1\t10.0.0.1\t1\t192.0.2.1\t9\tudp\n"
    "1600000001.5\tC2\t10.0.0.1\t2\t192.0.2.1\t9\tudp\n"
    "short\n"
)
SSL = '{"ts":1600000002.0,"uid":"C3","id.orig_h":"10.0.0.1","server_name":"a.example","cipher":"c"}\n'

WRITES = f"""
import pathlib, sys
assert sys.argv[1:3] == ["-C", "-r"], sys.argv
assert pathlib.Path(sys.argv[3]).read_bytes()[:4] == b"\\xd4\\xc3\\xb2\\xa1"
assert list(pathlib.Path().iterdir()) == [pathlib.Path("stderr")]
pathlib.Path("conn.log").write_text({CONN!r})
pathlib.Path("ssl.log").write_text({SSL!r})
"""


@pytest.fixture
def zeek(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zeek:
    """Puts a program called zeek, which runs these lines of Python, in front of the PATH."""
    if sys.platform == "win32":
        pytest.skip("a script is no program there")

    def put(lines: str) -> Path:
        program = tmp_path / "bin" / "zeek"
        program.parent.mkdir()
        program.write_text(f"#!{sys.executable}\n{lines}")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return program

    return put


def test_its_logs_become_zeeks_tables_with_one_numbering(reading: Read, zeek: Zeek) -> None:
    zeek(WRITES)
    found = reading("pcap_zeek", CAPTURE)
    assert {
        table: [(row["record"], row["time"].isoformat(), row["uid"]) for row in rows]
        for table, rows in found.rows.items()
    } == {
        "zeek_conn": [(8, "2020-09-13T12:26:40.500000", "C1"), (9, "2020-09-13T12:26:41.500000", "C2")],
        "zeek_ssl": [(11, "2020-09-13T12:26:42", "C3")],
    }
    assert found.reasons == [(10, "row has 1 columns, its header 7")]
    assert found.stops == []


def test_files_in_http_bodies_are_found_and_numbered_behind_its_logs(reading: Read, zeek: Zeek) -> None:
    zeek(WRITES)
    picture = writers.jpeg(Random(1), 1_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(picture)
    found = reading(
        "pcap_zeek", pcap(connection(1, [get("a.example", "/x.jpg", "A")], [head + picture], server_port=9))
    )
    assert [row["record"] for row in found.rows["zeek_ssl"]] == [11]
    assert [(row["record"], row["file_name"], row["src_port"]) for row in found.rows["file_inspection"]] == [
        (12, "x.jpg", 1)
    ]


def test_who_reads_a_capture_is_who_is_named(zeek: Zeek) -> None:
    zeek(WRITES)
    assert [reader.name for reader in claims(CAPTURE)] == ["pcap_zeek"]
    chosen = choose(CAPTURE)
    assert chosen is not None
    assert "zeek on the PATH" in chosen.title


def test_a_zeek_that_fails_says_why_and_what_it_wrote_is_read(reading: Read, zeek: Zeek) -> None:
    zeek(WRITES + "sys.exit('warning: x\\nfatal error: truncated dump file\\n')")
    found = reading("pcap_zeek", CAPTURE)
    assert found.stored == 3
    assert found.stops == ["zeek failed (fatal error: truncated dump file): its logs until then are read"]


def test_a_zeek_that_does_not_end_is_ended(reading: Read, zeek: Zeek, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zeek_program, "_LEAST_SECONDS", 1)
    zeek(WRITES + "import time; time.sleep(600)")
    found = reading("pcap_zeek", CAPTURE)
    assert found.stops == ["zeek was stopped after 1 s: its logs until then are read"]
    assert found.stored == 3


@pytest.mark.parametrize(
    ("lines", "stop"),
    [
        ("", "zeek found no traffic in it"),
        ("raise SystemExit(3)", "zeek failed (it did not say why): its logs until then are read"),
    ],
)
def test_a_zeek_that_writes_nothing_is_one_line(reading: Read, zeek: Zeek, lines: str, stop: str) -> None:
    zeek(lines)
    found = reading("pcap_zeek", CAPTURE)
    assert (found.stored, found.asides, found.stops) == (0, [], [stop])


def test_a_zeek_that_cannot_be_run_is_one_line(reading: Read, zeek: Zeek) -> None:
    program = zeek("")
    program.write_text("#!/nowhere/python\n")
    (stop,) = reading("pcap_zeek", CAPTURE).stops
    assert stop.startswith("zeek cannot be run: ")


def test_what_is_no_log_of_zeek_is_kept_aside_by_name_and_links_are_not_followed(
    reading: Read, zeek: Zeek, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(CONN)
    zeek(
        "import pathlib\npathlib.Path('a.log').write_text('hello')\n"
        f"pathlib.Path('b.log').symlink_to({str(tmp_path / 'secret')!r})\npathlib.Path('c.log').mkdir()\n"
        + WRITES[1:].replace('assert list(pathlib.Path().iterdir()) == [pathlib.Path("stderr")]\n', "")
    )
    found = reading("pcap_zeek", CAPTURE)
    assert found.reasons[0] == (1, "zeek's a.log is not a log that Lodger knows")
    assert found.stored == 3


def test_a_zeek_in_the_folder_where_one_stands_is_never_run(
    zeek: Zeek, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    zeek(WRITES)
    monkeypatch.chdir(tmp_path / "bin")
    monkeypatch.setenv("PATH", ".")
    assert zeek_program.zeek() is None
    monkeypatch.setenv("PATH", "")
    assert zeek_program.zeek() is None


def test_its_folder_lies_in_the_spool_and_goes(zeek: Zeek, tmp_path: Path) -> None:
    zeek(WRITES)
    capture, spool = tmp_path / "x.pcap", tmp_path / "spool"
    capture.write_bytes(CAPTURE)
    spool.mkdir()
    items = READER.read(SourceFile(capture, "x.pcap", "f" * 64, "f" * 64, len(CAPTURE), spool=spool))
    next(items)
    assert [path.name[:8] for path in spool.iterdir()] == ["capture-"]
    list(items)
    assert list(spool.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "spool", "x.pcap"]
