"""The YAML of an import file as nodes that keep their lines.

Read from the parser's events and not from its objects: scalars stay texts (a
``no`` or ``08:00`` means what it says), a doubled key is seen, and neither
aliases nor tags, deep nesting or masses of values get as far as building anything.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from app.importing.characters import (
    IN_FILE,
    IN_VALUE,
    causes_of_bad_syntax,
    character_name,
    quote_problem,
    with_spaces,
    wrong_blanks,
)
from app.importing.problems import ImportFailed, Problem

MAX_DEPTH = 12
MAX_VALUES = 100_000
MAX_CHARACTERS = 500
# libyaml's parser where the wheel has it: ten times the speed, same events.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EMPTY_TEXTS = ("", "~", "null")


@dataclass(slots=True)
class Node:
    """A value of the file: a text, nothing, a list or a group of fields."""

    line: int
    value: "str | list[Node] | dict[str, Node] | None"
    where: str = ""

    @property
    def text(self) -> str:
        """Return the text of it, empty for anything else."""
        return self.value if isinstance(self.value, str) else ""

    def get(self, key: str) -> "Node":
        """Return a field of this group, or a node without a value."""
        field = self.value.get(key) if isinstance(self.value, dict) else None
        return field or Node(self.line, None, f"{self.where}.{key}")

    def each(self, key: str | None = None) -> "list[Node]":
        """Return the items of this list, or of the list in a field."""
        node = self if key is None else self.get(key)
        return node.value if isinstance(node.value, list) else []

    def fields(self, key: str) -> "dict[str, Node]":
        """Return the fields of the group in a field."""
        group = self.get(key).value
        return group if isinstance(group, dict) else {}

    def plain(self) -> Any:
        """Return it as dicts, lists, texts and None."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        return self.value


def read_nodes(text: str) -> tuple[Node, list[Problem]]:
    """Return the root of a YAML text, labelled, and what was wrong on the way.

    Raises ImportFailed when the text is no YAML at all: then nothing more
    can be said about it.
    """
    # as Windows writes text: a mark before it, two signs for the end of a line
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    problems = [*_control_characters(text), *wrong_blanks(text)]
    builder = _Builder(IN_FILE.sub("", with_spaces(text)), problems)
    try:
        root = builder.document()
    except yaml.YAMLError as error:
        # what YAML says of a look-alike sign is about something else, lines below
        causes = [*wrong_blanks(text), *causes_of_bad_syntax(text)]
        raise ImportFailed([*problems, *(causes or [_syntax(error)])]) from error
    _label(root, "")
    return root, problems + builder.problems()


def _control_characters(text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), start=1):
        if match := IN_FILE.search(line):
            yield Problem(
                number, "", f"holds the control character {character_name(match)}"
            )


def _syntax(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    cause = getattr(error, "problem", None) or "it cannot be read"
    return Problem(mark.line + 1 if mark else 1, "", f"is not YAML: {cause}")


def _label(node: Node, where: str) -> None:
    """Give each node its path; a list's items go by their codes."""
    node.where = where
    prefix = f"{where}." if where else ""
    if isinstance(node.value, dict):
        for key, field in node.value.items():
            _label(field, f"{prefix}{key}")
    for number, item in enumerate(node.each(), start=1):
        _label(item, f"{prefix}{item.get('code').text or f'#{number}'}")


class _Builder:
    """Builds the nodes from the parser's events, one pass, no object construction."""

    def __init__(self, text: str, problems: list[Problem]) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self._earlier_problems = problems
        self._refusals: list[tuple[int, Node, str]] = []
        self._values = 0

    def document(self) -> Node:
        """Return the first document's root; a second one is refused."""
        # stream and document each have a start and an end around the root's own events
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return self._refuse(Node(1, None), "the file is empty")
        root = self._node(next(self._events), depth=0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse(Node(_line(after), None), "only one document may be here")
        return root

    def problems(self) -> list[Problem]:
        """Return what was refused, with the paths that labelling has given."""
        return [
            Problem(line, node.where, cause) for line, node, cause in self._refusals
        ]

    def _node(self, event: Any, depth: int) -> Node:
        self._values += 1
        if depth > MAX_DEPTH:
            self._give_up(event, f"is nested more than {MAX_DEPTH} deep")
        if self._values > MAX_VALUES:
            self._give_up(event, f"is the value after {MAX_VALUES}, and too many")
        if isinstance(event, yaml.AliasEvent):
            return self._refuse(Node(_line(event), None), "aliases are not used here")
        node = Node(_line(event), None)
        if event.anchor:
            self._refuse(node, "anchors are not used here")
        if event.tag:
            self._refuse(node, "tags are not used here")
        if isinstance(event, yaml.MappingStartEvent):
            node.value = self._mapping(depth)
        elif isinstance(event, yaml.SequenceStartEvent):
            node.value = self._sequence(depth)
        else:
            node.value = self._scalar(node, event)
        return node

    def _mapping(self, depth: int) -> dict[str, Node]:
        fields: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            # a list begins on the line below, but its field is what people look for
            value.line = key.line
            if not key.text:
                self._refuse(key, "a field needs a plain name")
            elif key.text in fields:
                first = fields[key.text]
                cause = f"{key.text} is already given on line {first.line}"
                self._refusals.append((key.line, first, cause))
            # the first stays, so that its own mistakes are named too
            fields.setdefault(key.text, value)
        return fields

    def _sequence(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _scalar(self, node: Node, event: Any) -> str | None:
        # one letter is one sign, however it was typed: slips and the search rely on it
        text = unicodedata.normalize("NFC", str(event.value).strip())
        # in quotes it is a text
        if not event.style and text in _EMPTY_TEXTS:
            return None
        if match := IN_VALUE.search(text):
            self._refuse(node, f"holds the control character {character_name(match)}")
        if not event.style and (cause := quote_problem(text)):
            self._refuse(node, cause)
        if len(text) > MAX_CHARACTERS:
            self._refuse(node, f"is longer than {MAX_CHARACTERS} characters")
        return IN_VALUE.sub("", text)[:MAX_CHARACTERS]

    def _give_up(self, event: Any, cause: str) -> NoReturn:
        raise ImportFailed([*self._earlier_problems, Problem(_line(event), "", cause)])

    def _refuse(self, node: Node, cause: str) -> Node:
        self._refusals.append((node.line, node, cause))
        return node


def _line(event: Any) -> int:
    # the parser counts from 0
    return int(event.start_mark.line) + 1
