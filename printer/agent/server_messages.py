"""The server's half of the protocol between print agent and server."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from printer.agent.journal import ENDED, RESTARTED, TOO_LATE, JournalJob
from printer.agent.messages import MAX_TEXT_LENGTH, BadMessage
from printer.delivery import REASONS

ONE_WAY = "one-way"
MAX_JOBS = 1000
"""How many jobs a hello may name; an agent has a handful."""
MAX_HELLO_BYTES = MAX_JOBS * 160
"""So long a hello may be: a job is some 120 bytes of it."""
AGENT_REASONS = REASONS | {RESTARTED, TOO_LATE, "internal"}
OTHER_REASON = "error"
"""What stands for a reason that is not known here: what anyone may read is a code
of ours, never an agent's own text."""


@dataclass(frozen=True, slots=True)
class HelloMessage:
    """An agent is there, with every job whose end the server may not know."""

    jobs: tuple[JournalJob, ...]


@dataclass(frozen=True, slots=True)
class TakenMessage:
    """A job is on the agent's disk."""

    key: str


@dataclass(frozen=True, slots=True)
class EndedMessage:
    """A job's end is on the agent's disk."""

    job: JournalJob


@dataclass(frozen=True, slots=True)
class DroppedMessage:
    """A job will never be printed there."""

    key: str


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """How the agent's printer is: the reason why it cannot print, or None.

    ``near_end`` is None where nothing is known. ``can_tell`` is False for a
    printer that never says how it is; then there is no problem either.
    """

    problem: str | None
    near_end: bool | None
    can_tell: bool = True


# a RecursionError: brackets in brackets in brackets …
_NOT_UNDERSTOOD = (ValueError, KeyError, TypeError, AttributeError, RecursionError)

AgentMessage = (
    HelloMessage | TakenMessage | EndedMessage | DroppedMessage | StatusMessage
)


def read_agent_message(text: str) -> AgentMessage | None:
    """Read a message; None for a type of a later version. Raises BadMessage."""
    try:
        return _read(json.loads(text))
    except _NOT_UNDERSTOOD as error:
        raise BadMessage(f"not understood: {type(error).__name__}") from error


def _read(message: Mapping[str, Any]) -> AgentMessage | None:
    match message["type"]:
        case "hello":
            return HelloMessage(_jobs(message["jobs"]))
        case "taken":
            return TakenMessage(_text(message["key"]))
        case "ended":
            return _ended(message)
        case "dropped":
            return DroppedMessage(_text(message["key"]))
        case "status":
            return _status(message)
    return None


def _status(message: Mapping[str, Any]) -> StatusMessage:
    problem = _reason(message["problem"])
    near_end = message["near_end"] is True
    if message.get("cause") == ONE_WAY:
        return StatusMessage(None, None, can_tell=False)
    return StatusMessage(problem, None if message.get("doubt") else near_end)


def _ended(message: Mapping[str, Any]) -> EndedMessage:
    job = _job(message)
    if job.state not in ENDED:
        raise BadMessage("that is no end")
    return EndedMessage(job)


def _jobs(messages: Sequence[Mapping[str, Any]]) -> tuple[JournalJob, ...]:
    if len(messages) > MAX_JOBS:
        raise BadMessage("too many jobs")
    return tuple(_job(message) for message in messages)


def _job(message: Mapping[str, Any]) -> JournalJob:
    return JournalJob(
        _text(message["key"]),
        _text(message["state"]),
        _reason(message["reason"]),
        message["nothing_printed"] is True,
    )


def _reason(message: object) -> str | None:
    """Return a reason by its code."""
    if message is None:
        return None
    reason = _text(message)
    return reason if reason in AGENT_REASONS else OTHER_REASON


def _text(message: object) -> str:
    if not isinstance(message, str) or not 0 < len(message) <= MAX_TEXT_LENGTH:
        raise BadMessage("a text is missing")
    return message


def welcome_message() -> str:
    """Say that the hello was worked through."""
    return _line("welcome")


def job_message(key: str, data: bytes, good_for_seconds: float) -> str:
    """Ask for a slip."""
    encoded = base64.b64encode(data).decode()
    return _line("job", key=key, data=encoded, good_for_seconds=good_for_seconds)


def settled_message(key: str) -> str:
    """Say that a job's end is on the server's disk."""
    return _line("settled", key=key)


def _line(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields}, separators=(",", ":"))
