"""The agent's half of the protocol: JSON objects with a `type`."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from printer.agent.journal import JournalJob
from printer.status import PrinterStatus

VERSION = 1
MAX_MESSAGE_BYTES = 2 << 20  # bytes; a slip is some 15 kB
MAX_TEXT_LENGTH = 200
MAX_REPORTS = 15
"""Ends told at once, in a hello and after each look at the printer: where the server
could confirm none for long, the others follow."""


class BadMessage(ValueError):
    """A message that is not of the protocol."""


@dataclass(frozen=True, slots=True)
class WelcomeMessage:
    """The server knows the agent and has read its hello."""


@dataclass(frozen=True, slots=True)
class JobMessage:
    """Print these bytes within so many seconds."""

    key: str
    data: bytes
    good_for: float


@dataclass(frozen=True, slots=True)
class DropMessage:
    """Do not print this, unless it has been begun."""

    key: str


@dataclass(frozen=True, slots=True)
class SettledMessage:
    """The end of this job is on the server's disk."""

    key: str


ServerMessage = WelcomeMessage | JobMessage | DropMessage | SettledMessage


def read_server_message(text: str | bytes) -> ServerMessage | None:
    """Read a message; None for a type of a later version. Raises BadMessage."""
    try:
        message = json.loads(text)
        return _read(message)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise BadMessage(f"not understood: {type(error).__name__}") from error


def _read(message: Mapping[str, Any]) -> ServerMessage | None:
    match message["type"]:
        case "welcome":
            return WelcomeMessage()
        case "job":
            return JobMessage(_key(message), _data(message), _seconds(message))
        case "drop":
            return DropMessage(_key(message))
        case "settled":
            return SettledMessage(_key(message))
    return None


def _key(message: Mapping[str, Any]) -> str:
    key = message["key"]
    if not isinstance(key, str) or not 0 < len(key) <= MAX_TEXT_LENGTH:
        raise BadMessage("a key is a text")
    return key


def _data(message: Mapping[str, Any]) -> bytes:
    try:
        data = base64.b64decode(message["data"], validate=True)
    except binascii.Error as error:
        raise BadMessage("data is base64") from error
    if not data:
        raise BadMessage("a slip is not empty")
    return data


def _seconds(message: Mapping[str, Any]) -> float:
    seconds = float(message["good_for_seconds"])
    if not 0 < seconds <= 24 * 3600:
        raise BadMessage("good_for_seconds is more than 0 and at most a day")
    return seconds


def hello_message(jobs: Sequence[JournalJob]) -> str:
    """Say who speaks, and every job whose end the server may not know."""
    return _text("hello", version=VERSION, jobs=[_fields(job) for job in jobs])


def job_state_message(job: JournalJob) -> str:
    """Say where a job is: `taken` on this disk, or `ended` in some way."""
    if job.has_ended:
        return _text("ended", **_fields(job))
    return _text("taken", key=job.key)


def dropped_message(key: str) -> str:
    """Say that a job will never be printed here."""
    return _text("dropped", key=key)


def status_message(status: PrinterStatus) -> str:
    """Say how the printer is."""
    return _text("status", problem=status.problem, **asdict(status))


def _fields(job: JournalJob) -> dict[str, Any]:
    return job._asdict()


def _text(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields}, separators=(",", ":"))
