"""Files behind URLs, in any store that fsspec knows (``s3://``, ``gs://``, ``abfs://``): found, and read in blocks.

Access is what the store's own library finds in the environment (``AWS_PROFILE``, ``AZURE_STORAGE_CONNECTION_STRING``,
...). Credentials that stand in a URL are never shown nor stored.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lodger.telemetry.unpack import BLOCK, FetchError, said
from lodger.telemetry.walk import Problem, display, why

#: What to install where a store's library is missing.
INSTALL: Final = "pip install 'lodger[cloud]'"

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
#: What stands before the host; Azure writes the container there, which is no secret.
_LOGIN: Final = re.compile(r"(?<!abfs)(?<!abfss)(?<!wasb)(?<!wasbs)(://)[^/\s@'\"]*@")
_QUERY: Final = re.compile(r"(://[^\s?#'\"]*)[?#][^\s'\"]*")
_MAGIC: Final = re.compile(r"[*?\[]")
#: What stores' libraries raise beside Python's own errors; a class is there once its library is in use.
_FOREIGN: Final = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("requests", "RequestException"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("gcsfs.retry", "HttpError"),
    ("azure.core.exceptions", "AzureError"),
)


@dataclass(frozen=True)
class RemoteFile:
    """A file in a store: how it is shown, its size in bytes (None where the store does not tell), where it is."""

    name: str
    size: int | None
    store: Any
    path: str


def is_url(place: str | Path) -> bool:
    """Whether a person named a URL rather than a path."""
    return _URL.match(str(place)) is not None


def shown(url: str) -> str:
    """A URL, or a text with URLs in it, without logins and without queries (which may hold a signature)."""
    return display(_QUERY.sub(r"\1", _LOGIN.sub(r"\1", url)))


def unavailable(url: str) -> str | None:
    """Why no URL of this kind can be read here, one line; None where it can."""
    try:
        from fsspec import get_filesystem_class

        get_filesystem_class(url.partition("://")[0])
    except ImportError:
        return f"what reads such URLs is not installed: {INSTALL}"
    except ValueError:
        return "no library knows URLs of this kind"
    return None


def remote_files(url: str) -> Iterator[RemoteFile | Problem]:
    """All files at or below ``url``, or that match it where it has ``*``, ``?`` or ``[``; folder by folder, by name."""
    reason = unavailable(url)
    if reason is not None:
        yield Problem(shown(url), reason)
        return
    from fsspec.core import url_to_fs

    try:
        store, path = url_to_fs(url, use_listings_cache=False)
        base = _base(url, str(path))
        tops = _tops(store, str(path))
    except _errors() as error:
        yield Problem(shown(url), f"cannot be read: {_reason(error)}")
        return
    if not tops:
        yield Problem(shown(url), "no such file or folder")
    for top in tops:
        yield from _below(store, base, top)


def blocks(remote: RemoteFile) -> Iterator[bytes]:
    """The file's content; the store's library tries again what breaks off. Raises :class:`FetchError`."""
    try:
        with remote.store.open(remote.path, "rb") as file:
            while block := file.read(BLOCK):
                yield block
    except _errors() as error:
        raise FetchError(f"cannot be fetched: {_reason(error)}") from error


def _tops(store: Any, path: str) -> list[dict[str, Any]]:
    """What a path names, as the store describes it."""
    if _MAGIC.search(path) and not store.exists(path):
        found = store.glob(path, detail=True)
        return [found[name] for name in sorted(found)]
    return [{**store.info(path), "name": path}]


def _below(store: Any, base: str, top: dict[str, Any]) -> Iterator[RemoteFile | Problem]:
    pending = [top]
    while pending:
        entry = pending.pop()
        path = str(entry["name"])
        name = _name(base, entry)
        if entry.get("type") != "directory":
            yield _file(store, name, entry)
            continue
        try:
            listed = store.ls(path, detail=True)
        except _errors() as error:
            yield Problem(name, f"folder cannot be read: {_reason(error)}")
            continue
        # stores of objects list a folder's own mark in it
        inner = sorted((each for each in listed if _plain(each) != path.rstrip("/")), key=_plain)
        if not inner:
            yield Problem(name, "folder is empty")
        folders = []
        for each in inner:
            if each.get("islink") and store.isdir(each["name"]):
                yield Problem(_name(base, each), "link to a folder is not followed")
            elif each.get("type") == "directory":
                folders.append(each)
            else:
                yield _file(store, _name(base, each), each)
        pending += reversed(folders)


def _file(store: Any, name: str, entry: dict[str, Any]) -> RemoteFile | Problem:
    size = entry.get("size")
    if entry.get("type") == "other" and not entry.get("islink"):
        return Problem(name, "not a regular file (a pipe, device or socket)")
    if size == 0:
        return Problem(name, "file is empty")
    return RemoteFile(name, size if isinstance(size, int) else None, store, str(entry["name"]))


def _name(base: str, entry: dict[str, Any]) -> str:
    """How an entry is shown; in a store of objects, ? and # are part of names."""
    name = str(entry["name"])
    return shown(base) + display(name) if base else shown(name)


def _plain(entry: dict[str, Any]) -> str:
    return str(entry["name"]).rstrip("/")


def _base(url: str, path: str) -> str:
    """What stands before a path of the store in its URL."""
    whole, part = url.rstrip("/"), path.rstrip("/")
    return whole[: len(whole) - len(part)] if part and whole.endswith(part) else f"{url.partition('://')[0]}://"


def _errors() -> tuple[type[Exception], ...]:
    foreign = [getattr(sys.modules.get(module), name, None) for module, name in _FOREIGN]
    own = (OSError, ValueError, ImportError, NotImplementedError, RuntimeError)
    return (*own, *(error for error in foreign if isinstance(error, type)))


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    return shown(why(error) if isinstance(error, OSError) and error.strerror else said(error))
