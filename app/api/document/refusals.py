"""What a call may be refused with, declared where the refusal comes from.

A route, or a dependency of one, names its own refusals by ``refuses``; what its roles,
its key, its body and its path add is derived (``openapi.py``). A test compares what is
declared with what the code raises.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from app.errors import AntreanError, Unavailable
from app.web.availability_words import CLOSED

Function = TypeVar("Function", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """A status and a code, and what they mean to a program's author."""

    status: int
    code: str
    meaning: str


OF_THE_HEAD = (
    Refusal(400, "invalid", "The request line or a header could not be read."),
    Refusal(408, "too-late", "The head or the body took too long to arrive."),
    Refusal(
        431,
        "head-too-large",
        "The request line and the headers are larger than 32 KiB.",
    ),
)
"""What is refused before anybody knows which call was meant, or whose it is."""

_declared: dict[Callable[..., object], tuple[type[AntreanError], ...]] = {}


def refuses(*kinds: type[AntreanError]) -> Callable[[Function], Function]:
    """Declare what a route or a dependency refuses, for the document alone."""

    def declare(function: Function) -> Function:
        _declared[function] = kinds
        return function

    return declare


def declared_by(function: Callable[..., object]) -> tuple[type[AntreanError], ...]:
    """Return what a route or a dependency has declared."""
    return _declared.get(function, ())


def refusals_of(kind: type[AntreanError]) -> Iterator[Refusal]:
    """Yield a refusal's status with its code; ``Unavailable`` has one per reason."""
    if issubclass(kind, Unavailable):
        for reason in CLOSED:
            meaning = f"The service gives no numbers now: {reason}."
            yield Refusal(kind.status_code, reason, meaning)
        return
    yield Refusal(kind.status_code, kind.code, kind.meaning())
