"""Mutants: one change of a module of the rules each, and how it is imported."""

import ast
import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

FOLDER = Path(__file__).resolve().parents[1] / "app/queueing"
# type unions and star arguments are no operators; identity of columns and of
# small integers is no rule; the rest need arguments
LEFT_OUT = ("_BitOr_", "_Pow_", "_Is", "Variable", "ExceptionReplacer")
REMOVED = "(nothing)"
ARITHMETIC = ("_Add_Sub", "_Sub_Add", "_Mul_FloorDiv", "_BitAnd_BitOr")


@dataclass(frozen=True, order=True)
class Mutant:
    """A change of one line: in which module and definition, and what became of it.

    A module is named from ``app.queueing`` on: ``line.ranking``.
    """

    module: str
    where: str
    before_line: str
    became: str
    source: str = field(default="", compare=False, repr=False)

    @property
    def page_line(self) -> str:
        """Return it as a line of the manual's page."""
        return (
            f"- `{self.module}` `{self.where}`: `{self.before_line}` → `{self.became}`"
        )

    def finder(self) -> "Finder":
        """Return what imports it in place of the real module."""
        return Finder(f"app.queueing.{self.module}", self.source)


class Finder(MetaPathFinder, InspectLoader):
    """Imports one module from a source that is on no disk."""

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._source = source

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Answer for this module alone."""
        return spec_from_loader(fullname, self) if fullname == self._name else None

    def get_source(self, fullname: str) -> str:
        """Return the changed source."""
        return self._source

    def is_package(self, fullname: str) -> bool:
        """Answer no: rules are plain modules."""
        return False


def mutants_of(module: str) -> Iterator[Mutant]:
    """Give every mutant that compiles of a module of the rules, as ``line.ranking``."""
    path = FOLDER / f"{module.replace('.', '/')}.py"
    source = path.read_text(encoding="utf-8")
    for name in sorted(operator_names()):
        if _is_used(name):
            for changed in _changes(source, name):
                if _compiles(changed):
                    yield _mutant_of(module, source, changed)


def _is_used(name: str) -> bool:
    if "ReplaceBinaryOperator" in name:
        return name.endswith(ARITHMETIC)
    return name.endswith(("_Is_IsNot", "_IsNot_Is")) or not any(
        part in name for part in LEFT_OUT
    )


def _changes(source: str, operator_name: str) -> Iterator[str]:
    operator = get_operator(operator_name)()
    occurrence = 0
    while (changed := mutate_code(source, operator, occurrence)) is not None:
        yield changed
        occurrence += 1


def _compiles(source: str) -> bool:
    try:
        compile(source, "<mutant>", "exec")
    except SyntaxError:
        return False
    return True


def _mutant_of(module: str, source: str, changed: str) -> Mutant:
    before, after = source.splitlines(), changed.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    _, start, end, new, new_end = next(
        step for step in matcher.get_opcodes() if step[0] != "equal"
    )
    while before[start].strip()[:1] in ("", "#"):  # a comment may go with its line
        start += 1
    before_line = " ".join(line.strip() for line in before[start:end])
    became = " ".join(line.strip() for line in after[new:new_end]).strip()
    where = _definition(source, start + 1)
    return Mutant(module, where, before_line.strip(), became or REMOVED, changed)


def _definition(source: str, line: int) -> str:
    """Return the name of what is defined around a line: ``_head``, ``Line.on``."""
    names: list[str] = []
    inside: Sequence[ast.stmt] = ast.parse(source).body
    while inside:
        around = next(
            (s for s in inside if _first(s) <= line <= (s.end_lineno or 0)), None
        )
        names += _names(around)
        inside = around.body if isinstance(around, ast.ClassDef) else ()
    return ".".join(names)


def _first(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


def _names(statement: ast.stmt | None) -> list[str]:
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [ast.unparse(target) for target in statement.targets]
    if isinstance(statement, ast.AnnAssign):
        return [ast.unparse(statement.target)]
    return []
