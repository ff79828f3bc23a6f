"""The names of `printer.paper.PAPERS`, for a command line that loads nothing more."""

PAPER_NAMES = (
    *("80mm", "80mm-full-cut", "80mm-tear-bar", "80mm-plain"),
    *("58mm", "58mm-cutter"),
)
