"""Audio on disk by content, for ever: written whole or not at all (voice.md#cache).

A file is the SHA-256 of its content and then the content: what a power cut or a bad
disk has damaged is nobody's, and is made anew.
"""

import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

DIGEST_BYTES = 32


class AudioCache:
    """A folder of audio files, each under its key: hexadecimal digits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, key: str) -> bytes | None:
        """Return what is kept under a key; None where there is nothing whole."""
        try:
            stored = self._path(key).read_bytes()
        except OSError:
            return None
        content = stored[DIGEST_BYTES:]
        return content if sha256(content).digest() == stored[:DIGEST_BYTES] else None

    def write(self, key: str, content: bytes) -> None:
        """Keep a content; whoever reads meanwhile finds the old one or the new one."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sha256(content).digest() + content)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise

    def prune(self, keep: int) -> None:
        """Remove all but the newest files, and what a power cut has left half done."""
        files = [path for path in self._folder.rglob("*") if path.is_file()]
        whole = [path for path in files if path.suffix != ".part"]
        whole.sort(key=_age)
        for path in (*whole[: max(0, len(whole) - keep)],):
            path.unlink(missing_ok=True)

    def size(self) -> tuple[int, int]:
        """Return how many files there are, and their bytes."""
        sizes = [path.stat().st_size for path in self._folder.rglob("*.audio")]
        return len(sizes), sum(sizes)

    def _path(self, key: str) -> Path:
        # two levels: thousands of files in one folder are slow on old disks
        return self._folder / key[:2] / f"{key}.audio"


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
