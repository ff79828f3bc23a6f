"""The attacks as a table: ``python -m tests.faults.run [NAME …]``."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.faults.attacks import ATTACKS
from tests.faults.trial import AttackedServer, Trial, new_site, run_trial, table

LOW_LIMIT = 1024


def run_attacks(
    folder: Path, names: list[str], *, seconds: float, descriptors: int | None = None
) -> list[Trial]:
    """Run each on a server of its own; all on one site."""
    site = new_site(folder)
    trials = []
    for name in names:
        server = AttackedServer(site, descriptors=descriptors)
        server.start()
        try:
            trials.append(asyncio.run(run_trial(server, name, seconds)))
        finally:
            server.stop()
    return trials


def main() -> None:
    """Run those named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(ATTACKS))
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--descriptors", type=int, help="what the server may open")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = run_attacks(
            Path(folder) / "site",
            args.names or list(ATTACKS),
            seconds=args.seconds,
            descriptors=args.descriptors,
        )
    sys.stdout.write(table("An officer's calls under attack", trials))
    for trial in trials:
        sys.stdout.write(f"\n{trial.name}: {trial.failures[:3]}\n{trial.log[-600:]}\n")


if __name__ == "__main__":
    main()
