"""The Linux audit log: ``type=SYSCALL msg=audit(1692093325.836:77): key=value ...``, one record a line.

Format after the audit project's own description (github.com/linux-audit/audit-documentation, "Audit Event Parsing"):
text that a user may choose is quoted, or in hexadecimal where it holds a quote, white space or control characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry import times
from lodger.telemetry.lines import lines, printable, text_file, utf8
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.rows import Rows

#: An audit record is at most 8,970 bytes long (MAX_AUDIT_MESSAGE_LENGTH); syslog adds little.
_LONGEST: Final = 1024 * 1024
_RECORD: Final = re.compile(
    r"""(?P<header>(?:<\d{1,3}>)?[^="{<\t]{0,200}[ :])??(?:node=(?P<node>\S{1,255})[ ])?"""
    r"""type=(?P<type>[\w\[\]]{1,64})[ ]msg=audit\((?P<time>\d{1,12}(?:\.\d{1,9})?):(?P<serial>\d{1,19})\):[ ]?"""
    r"""(?P<rest>.*)""",
    re.DOTALL,
)
_FIELD: Final = re.compile(r"""(?<![\w.\-])([A-Za-z_][\w.\-]{0,63}(?:\[\d{1,6}\])?)=("[^"]*"|'[^']*'|[^\s\x1d]*)""")
_OTHERS: Final = ("<Event>", "#fields", "#separator", "\n{")  # signs of what other readers claim
_ARGUMENT: Final = re.compile(r"a(\d{1,6})(?:\[(\d{1,6})\])?")
_HEX: Final = re.compile(r"(?:[0-9A-F]{2})+")
#: Fields that are in hexadecimal where they are not quoted (the audit project's field dictionary, "encoded").
_ENCODED: Final = frozenset(
    {"comm", "exe", "cwd", "name", "proctitle", "key", "acct", "cmd", "path", "dir", "file", "data", "grp", "watch"}
)
_FLAGS: Final = {"yes": True, "no": False}
_COLUMNS: Final = frozenset(
    {"node", "type", "serial", "arch", "syscall", "success", "exit", "pid", "ppid", "auid", "uid", "gid", "euid", "ses",
     "tty", "comm", "exe", "key", "cwd", "name", "nametype", "proctitle", "cmd_line", "op", "acct", "hostname", "addr",
     "terminal", "res"}
)  # fmt: skip
_NOTHING: Final = "(null)"


def _column(name: str) -> str | None:
    return name if name in _COLUMNS else None


def _sniff(head: bytes) -> bool:
    head = utf8(head)
    if b"msg=audit(" not in head:  # what is no text takes long to make printable
        return False
    text = printable(head)
    if text.lstrip()[:1] in {"{", "["} or any(sign in text for sign in _OTHERS):
        return False
    return any(_RECORD.match(line) for line in text.splitlines()[:200])


def _value(name: str, value: str) -> object:
    if value[:1] == '"':
        return value.strip('"')
    if value == _NOTHING:
        return None
    if name == "success":
        return _FLAGS.get(value, value)
    return _text(name, value) if name in _ENCODED else value


def _text(name: str, value: str) -> str:
    """What a hexadecimal value says; control characters in it become visible escapes."""
    if not _HEX.fullmatch(value):
        return value
    said = bytes.fromhex(value).decode("utf-8", "backslashreplace")
    if name in {"proctitle", "key"}:  # arguments end in NUL, several keys are parted by 1
        said = said.replace("\0", " ").replace("\1", ",").rstrip()
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in said)


def _fields(text: str) -> Iterator[tuple[str, object]]:
    for name, value in _FIELD.findall(text):
        if name == "msg" and value[:1] == "'":  # what a program reports itself (USER_LOGIN, USER_CMD, ...)
            yield from _fields(value.strip("'"))
        else:
            yield name, _value(name, value)
    words = _FIELD.sub("", text).split()  # SELinux writes "avc: denied { read } for" before its fields
    if words:
        yield "text", " ".join(words)


def _command(text: str) -> tuple[str, list[tuple[str, object]]]:
    """The arguments of an EXECVE record, parted by spaces as ``ausearch -i`` does, and its other fields."""
    arguments: dict[int, dict[int, str]] = {}
    rest: list[tuple[str, object]] = []
    for name, value in _FIELD.findall(text):
        match = _ARGUMENT.fullmatch(name)
        if match is None:
            rest.append((name, _value(name, value)))
        else:
            said = value.strip('"') if value[:1] == '"' else _text(name, value)
            arguments.setdefault(int(match[1]), {})[int(match[2] or 0)] = said
    parts = ("".join(pieces[at] for at in sorted(pieces)) for _, pieces in sorted(arguments.items()))
    return " ".join(parts), rest


def _read(source: SourceFile) -> Iterator[Item]:
    rows = Rows("auditd", source.fingerprint, _column)
    with text_file(source.path) as file:
        for number, line, whole in lines(file, _LONGEST):
            match = _RECORD.match(printable(line.rstrip())) if whole else None
            micros = times.epoch(match["time"]) if match else None
            reason = times.why_not(match["time"], micros) if match else _why(whole)
            if match is None or micros is None or reason is not None:
                yield Aside(number, reason or "no time", line[:RAW])
                continue
            pairs = [("node", match["node"]), ("type", match["type"]), ("serial", int(match["serial"]))]
            if match["type"] == "EXECVE":
                command, rest = _command(match["rest"])
                pairs += [("cmd_line", command), *rest]
            else:
                pairs += _fields(match["rest"])
            pairs.append(("syslog.header", (match["header"] or "").strip() or None))
            rows.add(number, micros, tuple(name for name, _ in pairs), [value for _, value in pairs], len(line))
            if rows.full():
                yield from rows.take()
    yield from rows.take()


def _why(whole: bool) -> str:
    return "not an audit record" if whole else "line is longer than 1 MiB"


READER = Reader(
    name="auditd",
    title="Linux audit log",
    maps="auditd; fields without a column go to its `other`",
    sniff=_sniff,
    read=_read,
)
