"""``antrean bench``: measure, and print a table; nothing is asserted."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--seconds", type=float, default=3.0, help="for each figure")
    parser.add_argument("--part", metavar="NAME", help="this one alone")


def run(args: argparse.Namespace) -> int:
    """Run the benchmarks, which live beside the tests in the source tree."""
    try:
        from tests.bench.run import run_bench
    except ModuleNotFoundError:
        sys.stderr.write("The benchmarks need the source tree.\n")
        return 1
    return run_bench(args.seconds, part=args.part)
