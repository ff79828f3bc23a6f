"""The only import of python-escpos, which has three traps, closed here.

Importing escpos 3.1 configures the root logger, leaves an empty temporary
folder behind at every start, and unpickles a cache file from a folder of its
choice. So: a private cache folder, and a root logger that is left alone.
"""

import contextlib
import importlib
import logging
import os
import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PICKLE_DIR = "ESCPOS_CAPABILITIES_PICKLE_DIR"


def load_escpos() -> Any:
    """Import `escpos.printer` with its traps closed; cheap when repeated."""
    folder = _private_folder()
    os.environ[PICKLE_DIR] = str(folder)
    with _root_logger_untouched(), _temporary_files_in(folder):
        try:
            module = importlib.import_module("escpos.printer")
        except (EOFError, pickle.UnpicklingError):
            # Power failed, or another process was half-way, while it was written.
            for cache in folder.glob("*.pickle"):
                cache.unlink(missing_ok=True)
            module = importlib.import_module("escpos.printer")
    return module


def _private_folder() -> Path:
    """Return a folder only we can write to: what lies there gets unpickled."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    configured = os.environ.get(PICKLE_DIR)
    folder = Path(configured) if configured else base / "antrean" / "escpos"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_private(folder):
            return folder
    except OSError:
        logging.getLogger(__name__).info("printer cache folder unusable: %s", folder)
    return Path(tempfile.mkdtemp(prefix="antrean-escpos-"))


def _is_private(folder: Path) -> bool:
    if os.name == "nt":  # the profile folder's own access list guards it
        return True
    folder_stat = folder.stat()
    is_ours = folder_stat.st_uid == os.geteuid() and not folder_stat.st_mode & 0o077
    return is_ours and os.access(folder, os.W_OK)


@contextlib.contextmanager
def _root_logger_untouched() -> Iterator[None]:
    """Make escpos' `logging.basicConfig()` find a handler and do nothing."""
    root, handler = logging.getLogger(), logging.NullHandler()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Catch the folder that escpos makes and never uses, and remove it."""
    previous, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = previous
        for leftover in folder.glob("tmp*"):
            with contextlib.suppress(OSError):
                leftover.rmdir()


def profile_width(profile: str) -> int | None:
    """Return the widest picture the library lets pass, in dots, if it knows."""
    dots = _capabilities["profiles"][profile]["media"]["width"].get("pixels")
    return dots if isinstance(dots, int) else None


load_escpos()
_capabilities: dict[str, Any] = importlib.import_module(
    "escpos.capabilities"
).CAPABILITIES

Dummy: Any = importlib.import_module("escpos.printer").Dummy
Encoder: Any = importlib.import_module("escpos.magicencode").Encoder
QR_LEVEL_M: int = importlib.import_module("escpos.constants").QR_ECLEVEL_M
PROFILES: frozenset[str] = frozenset(_capabilities["profiles"])
ENCODINGS: frozenset[str] = frozenset(_capabilities["encodings"])
