"""Where a site's folder holds what the voice needs and makes."""

from pathlib import Path


def phrases_folder(data: Path) -> Path:
    """Return where sentences are kept."""
    return data / "voice" / "phrases"


def calls_folder(data: Path) -> Path:
    """Return where whole calls are kept."""
    return data / "voice" / "calls"


def clips_folder(data: Path) -> Path:
    """Return where a mall puts its recorded clips."""
    return data / "voice" / "clips"
