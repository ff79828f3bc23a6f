"""Options that several commands share, and the settings that they make."""

import argparse
from pathlib import Path

from app.settings import Settings


def add_address(parser: argparse.ArgumentParser) -> None:
    """Let a command say where it listens."""
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    # the settings read it, and say what is wrong with it
    parser.add_argument("--port", help="port to listen on (8000)")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Let a command say which site's folder it is for."""
    parser.add_argument("--data", type=Path, help="the site's folder (.antrean/site)")


def settings_of(args: argparse.Namespace) -> Settings:
    """Return the settings, the command line's before the environment's.

    Raises ``ValidationError`` for nonsense in either.
    """
    options = {
        name: value
        for name in ("host", "port", "data")
        if (value := getattr(args, name, None)) is not None
    }
    return Settings(**options)
