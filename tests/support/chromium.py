"""The Chromium of this machine, and how it is started; it is not downloaded."""

import shutil

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


def chromium_path() -> str | None:
    """Return where it is; None where there is none."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")
