"""The import file: a whole mall in one YAML file (import.md)."""

from app.importing.problems import ImportFailed, Problem
from app.importing.reader import read_mall, read_mall_file
from app.importing.schema import Mall
from app.importing.writer import ImportSummary, find_problems, import_mall

__all__ = [
    "ImportFailed",
    "ImportSummary",
    "Mall",
    "Problem",
    "find_problems",
    "import_mall",
    "read_mall",
    "read_mall_file",
]
