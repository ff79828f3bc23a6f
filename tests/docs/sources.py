"""What the source says beside its code: docstrings, comments, whole templates."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import ROOT, anchors, decisions, page_named, superseded

PARTS = ("app", "displays", "counters", "printer", "migrations", "tests")
WHOLE = {".html", ".yaml", ".mako", ".toml", ".txt", ".po"}
"""Read as they are; of Python, JavaScript and CSS only what is no code."""
OURSELVES = "tests/docs/"
BESIDE = {"README.md", "CHANGELOG.md"}
"""Pages that stand outside the manual."""

_SCRIPT_NOTES = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)
_PAGE = re.compile(r"([\w./*-]*?)([\w-]+\.md)\b(?:#([\w-]+))?")
_DECISION = re.compile(r"\b[Dd]ecisions?[ /](\d{4})\b")
_LESSON = re.compile(r"\b[Ll]esson (\d+)\b")
_OUTSIDE = re.compile(
    r"§|\b[Dd]esign:|\bguides?:|field.lessons|house.style|\bshared/|\.\./shared"
)


@dataclass(frozen=True)
class Note:
    """What is said at one place of the source."""

    where: str
    words: str


def notes() -> Iterator[Note]:
    """Yield what every file that is kept says beside its code."""
    for name in _tracked():
        path = ROOT / name
        if path.suffix == ".py":
            yield from python_notes(name, path.read_text(encoding="utf-8"))
        elif path.suffix in {".js", ".css"}:
            yield from script_notes(name, path.read_text(encoding="utf-8"))
        elif path.suffix in WHOLE:
            yield Note(name, path.read_text(encoding="utf-8"))


def python_notes(name: str, source: str) -> Iterator[Note]:
    """Yield the docstrings, those of attributes too, and the comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield Note(f"{name}:{node.lineno}", str(node.value.value))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Note(f"{name}:{token.start[0]}", token.string)


def script_notes(name: str, source: str) -> Iterator[Note]:
    """Yield the comments of a script or a style sheet."""
    for found in _SCRIPT_NOTES.finditer(source):
        line = source.count("\n", 0, found.start()) + 1
        yield Note(f"{name}:{line}", found.group())


def wrong_citations(words: str) -> list[str]:
    """Return what is cited and leads nowhere, or in another form than the one."""
    outside = [
        f"{found} is not of this repository" for found in _OUTSIDE.findall(words)
    ]
    return [*outside, *_wrong_pages(words), *_wrong_numbers(words)]


def _wrong_pages(words: str) -> Iterator[str]:
    for folder, page, anchor in _PAGE.findall(words):
        if page in BESIDE:
            continue
        if folder:
            yield f"{folder}{page}: cite {page} or a decision's number"
            continue
        try:
            cited = page_named(page)
        except FileNotFoundError:
            yield f"there is no page {page}"
            continue
        if anchor and anchor not in anchors(cited):
            yield f"{page} has no heading #{anchor}"


def _wrong_numbers(words: str) -> Iterator[str]:
    for number in _DECISION.findall(words):
        if number not in decisions():
            yield f"there is no decision {number}"
        elif number in superseded():
            yield f"decision {number} is superseded"
    lessons = anchors(page_named("lessons.md"))
    for number in _LESSON.findall(words):
        if not any(lesson.startswith(f"{number}-") for lesson in lessons):
            yield f"there is no lesson {number}"


def _tracked() -> list[str]:
    listed = subprocess.run(  # noqa: S603
        ["git", "ls-files", "-co", "--exclude-standard", *PARTS, "pyproject.toml"],  # noqa: S607
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    names = listed.stdout.splitlines() or _found_by_walking()
    return [
        name
        for name in names
        if (ROOT / name).is_file() and not name.startswith(OURSELVES)
    ]


def _found_by_walking() -> list[str]:
    """Return the files of a copy without git, as a site has it."""
    files = (file for part in PARTS for file in Path(ROOT / part).rglob("*"))
    return [file.relative_to(ROOT).as_posix() for file in files]
