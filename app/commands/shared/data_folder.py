"""The folder that holds a site: private to its owner, and one program at a time."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from app.errors import AntreanError

LOCK = "lock"
SERVER_FILE = "server.json"
OWN_FILES = ("*.sqlite3*", "demo.json", SERVER_FILE, LOCK)


class FolderInUse(AntreanError):
    """Another Antrean runs on this folder."""


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Be the only program on this folder; it is made if there is none.

    Raises ``FolderInUse``, and ``OSError`` when it cannot be a folder. The
    kernel lets go when the process ends, in whatever way it ends.
    """
    require_no_file(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # not "w": that would empty the file of whoever holds it
    with (folder / LOCK).open("a+", encoding="ascii") as lock:
        _lock(lock)
        make_private(folder)
        yield


def holder_pid(folder: Path) -> int | None:
    """Return the process that wrote itself into a folder's lock last, if any did."""
    try:
        return int((folder / LOCK).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def require_no_file(folder: Path) -> None:
    """Raise ``NotADirectoryError`` when something else stands where a folder is due."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "This is no folder", str(folder))


def make_private(folder: Path) -> None:
    """Let nobody but the owner read a site's folder and what Antrean keeps in it.

    What belongs to another user is left alone, and so is a folder that many
    share (``/tmp``): there the files alone are closed.
    """
    own_files = [file for pattern in OWN_FILES for file in folder.glob(pattern)]
    for file in own_files:
        if _is_own(file) and file.is_file() and not file.is_symlink():
            file.chmod(0o600)
    if own_files and _is_own(folder) and not folder.stat().st_mode & stat.S_ISVTX:
        folder.chmod(0o700)


def _is_own(path: Path) -> bool:
    return path.lstat().st_uid == os.geteuid()


def _lock(lock: TextIO) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        raise FolderInUse(
            f"Antrean already runs on this folder (pid {holder})."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
