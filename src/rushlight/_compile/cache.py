"""Object code on disk, so that a program starts without compiling again what it compiled before.

What is read here is run as machine code, so nobody else may be able to write it: the folder belongs to the user and is
closed to all others, or it is not used. A file holds the digest of its content; one that is damaged, cut short or of
another version is ignored and written anew. Files appear whole, by renaming, so that several processes can share them.

RUSHLIGHT_CACHE names another folder; empty, nothing is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from pathlib import Path

MAGIC = b"rushlight object 1\n"
AT_MOST = 256 << 20  # bytes that are kept: beyond, what was not used for longest goes


def folder() -> Path | None:
    """The private folder of the cache, made where it is missing; None where there is none to be had."""
    named = os.environ.get("RUSHLIGHT_CACHE")
    if named == "":
        return None
    if named is None:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        path = Path(base) / "rushlight" / "objects"
    else:
        path = Path(named)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path if is_private(path) else None
    except OSError:
        return None


def is_private(path: Path) -> bool:
    """Whether nobody but this user can write into a folder."""
    if not hasattr(os, "getuid"):
        return True  # on Windows, folders of the user's profile are his own
    found = path.stat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def key_of(*parts: str) -> str:
    """The name under which an object is kept: a digest of all that it depends on."""
    digest = hashlib.sha256()
    for part in (*parts, sys.version, sys.platform):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def load(key: str) -> bytes | None:
    """The object kept under ``key``; None where there is none, or none that is whole."""
    where = folder()
    if where is None:
        return None
    path = where / key
    try:
        with open(path, "rb") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            content = file.read()
    except OSError:
        return None
    head, body = content[: len(MAGIC) + 32], content[len(MAGIC) + 32 :]
    if head != MAGIC + hashlib.sha256(body).digest():
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # used just now
    return body


def store(key: str, body: bytes) -> None:
    """Keep an object under ``key``. A folder that is full or read-only is no error: it will be compiled again."""
    import tempfile  # a process that finds all that it needs does not wait for it

    where = folder()
    if where is None:
        return
    with contextlib.suppress(OSError):
        handle, temporary = tempfile.mkstemp(dir=where, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(MAGIC + hashlib.sha256(body).digest() + body)
            os.replace(temporary, where / key)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
        prune(where)


def prune(where: Path) -> None:
    """Drop what was not used for longest, where more is kept than may be."""
    files = []
    for entry in os.scandir(where):
        with contextlib.suppress(OSError):  # another process may have dropped it
            found = entry.stat()
            files.append((found.st_mtime, found.st_size, entry.path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= AT_MOST:
            break
        with contextlib.suppress(OSError):
            os.unlink(path)
            total -= size
