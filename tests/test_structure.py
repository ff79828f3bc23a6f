"""The house stays in order: words anyone knows, rooms that one can oversee."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "counters", "displays", "printer", "tests")
LIMITS = {"app": 8, "app/queueing": 12}
MAX_FILES = 16
MAX_LINES = 400
PARTICIPLES = "told|asked|said|heard"
"""Participles that once stood for things; see the glossary's first paragraph."""
BAD_PYTHON_NAME = re.compile(rf"_*({PARTICIPLES}|leg|legs)(_\w+)?", re.IGNORECASE)
BAD_SCRIPT_NAME = re.compile(
    rf"\b(?:const|let|function|class|get|set)\s+(_?(?:{PARTICIPLES}|leg|legs)\w*)\b"
    rf"|data-({PARTICIPLES}|leg|legs)\b|\.({PARTICIPLES}|leg|legs)[\w-]*\s*\{{"
)
_BAD_NAME = re.compile(rf"_?(?:{PARTICIPLES}|leg|legs)(?:[_A-Z]\w*)?")
# what has parameters, or names what it walks over: but no condition and no call
_PARAMETERS = (
    re.compile(
        r"(?<!\w)(?!(?:if|for|while|switch|return)\b)\w*\s*\(([^()]*)\)\s*(?:=>|\{)"
    ),
    re.compile(r"(\b\w+)\s*=>"),
    re.compile(r"\{%-?\s*(?:macro|set|call)\s+([\w, ]+\(?[^()%]*)"),
    re.compile(r"\{%-?\s*for\s+([\w, ]+?)\s+in\b"),
)
_STRING = re.compile(r'"[^"\n]*"|`[^`]*`')
KEPT = {"legs", "said_at"}
"""A field of the live message `ticket:` and a column of the database: contract."""


def _files(*suffixes: str) -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_in_python_is_a_participle_for_a_thing(package: str) -> None:
    bad = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in _files(".py")
        if path.is_relative_to(ROOT / package)
        for name in _named(ast.parse(path.read_text(encoding="utf-8")))
        if BAD_PYTHON_NAME.fullmatch(name) and name not in KEPT
    ]

    assert bad == []


def test_no_name_in_scripts_styles_and_templates_is_one_either() -> None:
    bad = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in _files(".js", ".css", ".html")
        for match in BAD_SCRIPT_NAME.finditer(path.read_text(encoding="utf-8"))
    ]

    assert bad == []


def test_no_parameter_and_no_macro_in_scripts_and_templates_is_one() -> None:
    bad = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in _files(".js", ".html")
        for name in sorted(set(_parameters(path.read_text(encoding="utf-8"))))
        if _BAD_NAME.fullmatch(name) and name not in KEPT
    ]

    assert bad == []


@pytest.mark.parametrize(
    "text",
    [
        "const a = (told) => told;",
        "list.map(asked => 1)",
        "function show({ said, b }) {",
        "  render(first, heard = 2) {",
        "{% macro told(a) %}",
        "{% macro cell(a, asked='') %}",
        "{%- set heard = 1 %}",
        "{% for key, said in rows %}",
    ],
)
def test_such_a_name_is_found_wherever_it_stands(text: str) -> None:
    assert any(_BAD_NAME.fullmatch(name) for name in _parameters(text))


def _parameters(text: str) -> Iterator[str]:
    """Yield the names of parameters, macros and loops' items."""
    code = _STRING.sub('""', text)
    for pattern in _PARAMETERS:
        for match in pattern.finditer(code):
            yield from re.findall(r"\w+", match[1])


def test_no_folder_holds_more_than_one_can_oversee() -> None:
    counts = Counter(
        str(path.parent.relative_to(ROOT)) for path in _files(".py", ".js", ".css")
    )

    assert {
        folder: count
        for folder, count in counts.items()
        if count > LIMITS.get(folder, MAX_FILES)
    } == {}


def test_no_file_is_so_long_that_a_noun_is_missing() -> None:
    lengths = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
        for path in _files(".py", ".js")
    }

    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}
