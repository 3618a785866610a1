"""What Linux sensors say, from their files to process launches."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from lodger.workspace import Workspace

WHEN = datetime(2023, 8, 15, 9, 55, 25, 836000)
STAMP = "msg=audit(1692093325.836:77):"
AUDIT = f"""\
type=SYSCALL {STAMP} syscall=59 success=yes ppid=1 pid=42 uid=0 comm="ls" exe="/usr/bin/ls"
type=EXECVE {STAMP} argc=2 a0="ls" a1="-l"
type=CWD {STAMP} cwd="/root"
type=SYSCALL msg=audit(1692093325.836:78): syscall=59 success=no ppid=1 pid=43 comm="x" exe="/usr/bin/x"
type=EXECVE msg=audit(1692093325.836:78): argc=1 a0="x"
type=SYSCALL msg=audit(1692093326.836:79): syscall=59 success=yes ppid=42 pid=44 exe="run.sh"
type=EXECVE msg=audit(1692093326.836:79): argc=1 a0="./run.sh"
type=CWD msg=audit(1692093326.836:79): cwd="/tmp"
type=SYSCALL msg=audit(1692093327.836:80): syscall=2 success=yes ppid=1 pid=45 exe="/usr/bin/cat"
"""
SYSMON = (
    'web01 sysmon: <Event><System><Provider Name="Linux-Sysmon"/><EventID>1</EventID>'
    '<TimeCreated SystemTime="2023-08-15T09:55:25.836Z"/><Channel>Linux-Sysmon/Operational</Channel>'
    '<Computer>web01</Computer></System><EventData><Data Name="ProcessGuid">{ab}</Data><Data Name="ProcessId">42</Data>'
    '<Data Name="Image">/usr/bin/ls</Data><Data Name="CommandLine">ls -l</Data></EventData></Event>'
)
QUERY = """
SELECT time, device_hostname, sensor, activity_name, process_uid, process_pid, process_file_path, process_cmd_line,
    actor_process_pid
FROM process_activity ORDER BY time, process_pid
"""


def launches(folder: Path, content: str) -> list[tuple[object, ...]]:
    (folder / "log").write_text(content, encoding="utf-8")
    case = Workspace.create_or_open(folder / "case")
    case.ingest([folder / "log"])
    case.analyse()  # nothing in the analysis minds a host without drive letters
    return [tuple(row.values()) for row in case.sql(QUERY).to_pylist()]


def test_the_records_of_one_audit_event_are_one_launch(tmp_path: Path) -> None:
    later = datetime(2023, 8, 15, 9, 55, 26, 836000)
    for node in ("", "node=Web01 "):
        folder = tmp_path / (node.strip() or "none")
        folder.mkdir()
        content = "".join(node + line for line in AUDIT.splitlines(keepends=True))
        host = "web01" if node else "unknown"
        assert launches(folder, content) == [
            (WHEN, host, "auditd", "Launch", None, 42, "/usr/bin/ls", "ls -l", 1),
            (later, host, "auditd", "Launch", None, 44, "/tmp/run.sh", "./run.sh", 42),
        ]


def test_sysmon_for_linux_counts_as_sysmon(tmp_path: Path) -> None:
    assert launches(tmp_path, SYSMON) == [
        (WHEN, "web01", "sysmon", "Launch", "AB", 42, "/usr/bin/ls", "ls -l", None),
    ]
