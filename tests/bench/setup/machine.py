"""On what a run was made: without it, no figure means anything."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("fastapi", "uvicorn", "uvloop", "sqlalchemy", "websockets")


def machine(server_core: int | None) -> str:
    """Describe the machine, the versions and the day; no name of a host."""
    split = "shared by" if server_core is None else "one each for"
    packages = " · ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        (
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_processor()} · "
            f"{os.cpu_count()} cores, {split} server and clients · {platform.system()}",
            f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version} · "
            f"{packages}",
            f"Load average before the run: {os.getloadavg()[0]:.1f}.",
            "",
        )
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    named = (line for line in text.splitlines() if line.startswith("model name"))
    return next(named, platform.machine()).rpartition(":")[2].strip()
