"""One command on its way through the ledger, and what it is answered."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel
from sqlalchemy import Connection

from app.queueing.change import Change
from app.queueing.facts import Fact

Run = Callable[[Connection, Change], object]
PresentState = Callable[[Connection, Change], Mapping[str, object]]
"""Reads how things stand for whoever is refused, once the command is taken back."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An Idempotency-Key within its scope (credential and route; contract.md#keys)."""

    scope: str
    key: str
    body_sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to: a status and, unless it is 204, a JSON text.

    ``value`` is what the action returned; None when the answer is a repeat.
    """

    status: int
    text: str | None
    value: Any = None


@dataclass(eq=False, slots=True)
class Command:
    """A command, its caller's future, and its outcome once it has run.

    Created on the event loop; ``answer`` and ``error`` are set by the writer.
    """

    run: Run
    status: int
    key: RequestKey | None
    future: "asyncio.Future[Answer]"
    present: PresentState | None = None
    answer: Answer | None = None
    error: BaseException | None = None
    has_run: bool = False
    facts: set[Fact] = field(default_factory=set)

    def resolve(self) -> None:
        """Hand the outcome to the caller; one who hung up is passed by."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(cast(Answer, self.answer))


def answer_of(value: Any, status: int) -> Answer:
    """Write an action's value as an answer: None is 204, a model is its JSON."""
    if value is None:
        return Answer(204, None)
    # written here, inside the transaction: what is stored for a repeat and what is sent
    # are the same text
    text = value.model_dump_json() if isinstance(value, BaseModel) else None
    return Answer(status, text, value)
