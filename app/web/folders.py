"""Where the templates and static files of each part of the product lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds `app`, `displays` and `counters`, installed or cloned."""

PARTS: dict[str, Path] = {
    "web": ROOT / "app" / "web",
    "kiosk": ROOT / "app" / "kiosk",
    "visitor": ROOT / "app" / "visitor",
    "admin": ROOT / "app" / "admin",
    "reports": ROOT / "app" / "reports",
    "demo": ROOT / "app" / "demo",
    "docs": ROOT / "app" / "docs",
    "displays": ROOT / "displays",
    "counters": ROOT / "counters",
}
"""Prefix in template names and static addresses → the part's own folder.

They are paths, not imports: the surfaces stand above this layer.
"""


def folders_named(name: str) -> dict[str, Path]:
    """Return, by prefix, the folder called `name` of each part that has one."""
    folders = {prefix: part / name for prefix, part in PARTS.items()}
    return {prefix: folder for prefix, folder in folders.items() if folder.is_dir()}
