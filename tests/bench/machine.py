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
    shared = server_core is None
    cores = "server and clients share a core" if shared else "a core each for server and clients"
    packages = " · ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        (
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_processor()} · "
            f"{os.cpu_count()} cores ({cores}) · {platform.system()}",
            f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version} · "
            f"{packages}",
            "",
        )
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2] for line in text.splitlines() if "model name" in line)
    return next(names, platform.machine()).strip()
