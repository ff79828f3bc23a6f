"""From the text of an import file to a checked mall, or to all its wrong lines."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.importing.cross_checks import cross_problems
from app.importing.nodes import Node, read_nodes
from app.importing.problems import ImportFailed, Problem
from app.importing.schema import Mall

MAX_BYTES = 4 * 1024 * 1024
_TOO_LARGE = Problem(1, "", f"the file is larger than {MAX_BYTES // 1024**2} MB")
_WORDINGS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "int_parsing": "must be a whole number, not {input!r}",
    "int_from_float": "must be a whole number, not {input!r}",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false, not {input!r}",
    "bool_type": "must be true or false",
    "string_type": "must be one text",
    "string_too_short": "must not be empty",
    "string_too_long": "must not be longer than {max_length} characters",
    "list_type": "must be a list",
    "dict_type": "must be a group of fields",
    "model_type": "must be a group of fields",
    "too_short": "must name at least one",
    "too_long": "must name at most {max_length}",
    "greater_than_equal": "must be at least {ge}, not {input}",
    "less_than_equal": "must be at most {le}, not {input}",
    "literal_error": "must be {expected}, not {input!r}",
    "enum": "must be {expected}, not {input!r}",
    "value_error": "{error}",
}


def read_mall(text: str) -> Mall:
    """Return the mall that an import file describes.

    Raises ImportFailed, which names all wrong lines at once.
    """
    # characters first: encoding copies the text
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise ImportFailed([_TOO_LARGE])
    # one after the other, whatever the first finds: all wrong lines at once (lesson 15)
    root, problems = read_nodes(text)
    mall = None
    try:
        mall = Mall.model_validate(root.plain())
    except ValidationError as error:
        problems.extend(_schema_problems(root, error))
    problems.extend(cross_problems(root))
    if problems or mall is None:
        raise ImportFailed(problems)
    return mall


def read_mall_file(path: Path) -> Mall:
    """Return the mall that a file describes; the file is UTF-8.

    Raises ImportFailed, and OSError when the file cannot be read.
    """
    return read_mall_bytes(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Return a file's content; of a huge one no more than tells that it is."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def read_mall_bytes(content: bytes) -> Mall:
    """Return the mall that a file's content describes; raises ImportFailed."""
    if len(content) > MAX_BYTES:
        raise ImportFailed([_TOO_LARGE])
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportFailed([Problem(line, "", "is not UTF-8 text")]) from error
    return read_mall(text)


def _schema_problems(root: Node, error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        node, where = _node_at(root, detail["loc"])
        yield Problem(node.line, where, cause_of(detail))


def cause_of(detail: Any) -> str:
    """Return one of pydantic's errors in our own words: ``must be …, not …``."""
    wording = _WORDINGS.get(detail["type"], "{msg}")
    value = detail["input"]
    value_text = value if isinstance(value, str) else "a list, a group or nothing"
    values = {"input": value_text, "msg": detail["msg"]} | detail.get("ctx", {})
    return wording.format_map(values)


def _node_at(root: Node, loc: tuple[int | str, ...]) -> tuple[Node, str]:
    """Return the node at a pydantic location, or the nearest above it, and its path."""
    node = root
    for depth, step in enumerate(loc):
        child = _child(node, step)
        if child is None:
            return node, ".".join(filter(None, (node.where, *map(str, loc[depth:]))))
        node = child
    return node, node.where


def _child(node: Node, step: int | str) -> Node | None:
    if isinstance(step, int):
        return node.each()[step]
    return node.value.get(step) if isinstance(node.value, dict) else None
