"""Which refusals a function of ours may raise, read from its source and what it calls.

Too much rather than too little: whatever a function names counts as called, and of a
class all methods do. What is caught on the way is not subtracted.
"""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache, partial
from types import FunctionType, ModuleType
from typing import Any

from app.errors import AntreanError

OURS = ("app.", "counters.", "displays.")


def refusals_raised_by(start: Callable[..., Any]) -> set[type[AntreanError]]:
    """Return every refusal that a call of it may end in."""
    found: set[type[AntreanError]] = set()
    seen: set[Any] = set()
    open_ = list(_functions_of(start))
    while open_:
        function = open_.pop()
        if function in seen:
            continue
        seen.add(function)
        raised, named = _read(function)
        found |= raised
        open_ += named
    return found


@cache
def _read(function: FunctionType) -> tuple[set[type[AntreanError]], list[FunctionType]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    names = {**function.__globals__, **_closure(function)}
    # a local of the same name hides it
    for local in function.__code__.co_varnames:
        names.pop(local, None)
    raised = {
        error
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc is not None
        for error in [_raised(node.exc, names)]
        if error is not None
    }
    named = [
        called
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        for called in _functions_of(_value(node, names))
    ]
    return raised, named


def _raised(node: ast.expr, names: dict[str, Any]) -> type[AntreanError] | None:
    value = _value(node.func if isinstance(node, ast.Call) else node, names)
    is_refusal = isinstance(value, type) and issubclass(value, AntreanError)
    return value if is_refusal else None


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, names)
        if isinstance(owner, ModuleType | type):
            return getattr(owner, node.attr, None)
    return None


def _functions_of(value: Any) -> Iterator[FunctionType]:
    if isinstance(value, partial):
        value = value.func
    value = inspect.unwrap(value) if callable(value) else value
    if isinstance(value, FunctionType):
        if _has_source(value):
            yield value
    elif isinstance(value, type) and value.__module__.startswith(OURS):
        for member in vars(value).values():
            method = member.fget if isinstance(member, property) else member
            method = getattr(method, "__func__", method)
            if isinstance(method, FunctionType) and _has_source(method):
                yield method


def _closure(function: FunctionType) -> dict[str, Any]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells}


def _has_source(function: FunctionType) -> bool:
    # what a dataclass makes says the same module, and stands nowhere in it
    module = sys.modules.get(function.__module__)
    return (
        module is not None
        and module.__name__.startswith(OURS)
        and function.__code__.co_filename == module.__file__
    )
