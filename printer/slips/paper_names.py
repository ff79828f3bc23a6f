"""The names of `printer.slips.paper.PAPERS`, without loading anything more."""

PAPER_NAMES = (
    *("80mm", "80mm-full-cut", "80mm-tear-bar", "80mm-plain"),
    *("58mm", "58mm-cutter"),
)
