"""The server's half of what agent and server say to each other."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from printer.agent.journal import ENDED, JournalJob
from printer.agent.messages import LONGEST_KEY, BadMessage

ONE_WAY = "one-way"


@dataclass(frozen=True, slots=True)
class Hello:
    """An agent is there, with every job whose end it has no word of."""

    jobs: tuple[JournalJob, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A job is on the agent's disk."""

    key: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A job's end is on the agent's disk."""

    job: JournalJob


@dataclass(frozen=True, slots=True)
class Dropped:
    """A job will never be printed there."""

    key: str


@dataclass(frozen=True, slots=True)
class Status:
    """How the agent's printer is: the reason why it cannot print, or None.

    ``near_end`` is None where nothing is known. ``can_tell`` is False for a
    printer that never says how it is; then there is no problem either.
    """

    problem: str | None
    near_end: bool | None
    can_tell: bool = True


FromAgent = Hello | Taken | Ended | Dropped | Status


def read_from_agent(text: str) -> FromAgent | None:
    """Read a message; None for a type of a later version. Raises BadMessage."""
    try:
        return _read(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadMessage(f"not understood: {type(error).__name__}") from error


def _read(said: Mapping[str, Any]) -> FromAgent | None:
    match said["type"]:
        case "hello":
            return Hello(tuple(_job(job) for job in said["jobs"]))
        case "taken":
            return Taken(_text(said["key"]))
        case "ended":
            return _ended(said)
        case "dropped":
            return Dropped(_text(said["key"]))
        case "status":
            return _status(said)
    return None


def _status(said: Mapping[str, Any]) -> Status:
    problem = said["problem"]
    known = None if problem is None else _text(problem)
    near_end = said["near_end"] is True
    if said.get("cause") == ONE_WAY:
        return Status(None, None, can_tell=False)
    return Status(known, None if said.get("doubt") else near_end)


def _ended(said: Mapping[str, Any]) -> Ended:
    job = _job(said)
    if job.state not in ENDED:
        raise BadMessage("that is no end")
    return Ended(job)


def _job(said: Mapping[str, Any]) -> JournalJob:
    reason = said["reason"]
    return JournalJob(
        _text(said["key"]),
        _text(said["state"]),
        None if reason is None else _text(reason),
        said["nothing_printed"] is True,
    )


def _text(said: object) -> str:
    if not isinstance(said, str) or not 0 < len(said) <= LONGEST_KEY:
        raise BadMessage("a text is missing")
    return said


def welcome() -> str:
    """Say that the hello was worked through."""
    return _line("welcome")


def job(key: str, data: bytes, good_for_seconds: float) -> str:
    """Ask for a slip."""
    encoded = base64.b64encode(data).decode()
    return _line("job", key=key, data=encoded, good_for_seconds=good_for_seconds)


def settled(key: str) -> str:
    """Say that a job's end is on the server's disk."""
    return _line("settled", key=key)


def _line(kind: str, **facts: Any) -> str:
    return json.dumps({"type": kind, **facts}, separators=(",", ":"))
