"""What a command touches is watched by a view: no change goes unseen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app
from app.queueing import facts

FOLDER = Path(app.__file__).parent


NO_FACTS = {"names_service", "names_zone", "Fact", "printer_id_of"}
"""Of ``app.queueing.facts``: the type, and what reads a fact instead of making one."""


def _names(node: ast.AST) -> set[str]:
    """Return the names of ``facts`` that are used in a piece of code."""
    return {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.value.id == "facts"
    }


def _touches(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "change.touch":
            yield node


def _touched_and_watched() -> tuple[set[str], set[str]]:
    touched, watched = set[str](), set[str]()
    for path in sorted(FOLDER.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_file = set[str]()
        for call in _touches(tree):
            of_file |= _names(call)
            call.args, call.keywords = [], []
        touched |= of_file
        watched |= _names(tree)
    if "printer_id_of" in watched:
        watched.add("printer")
    return touched, watched


def test_every_fact_that_is_touched_is_watched() -> None:
    touched, watched = _touched_and_watched()

    assert touched, "no command touches anything: this test reads the wrong files"
    assert touched <= watched, f"nothing watches {sorted(touched - watched)}"


def test_every_fact_is_touched_by_a_command() -> None:
    touched, _ = _touched_and_watched()
    makers = {name for name in vars(facts) if not name.startswith("_")}

    assert makers - NO_FACTS - {"NewType"} == touched
