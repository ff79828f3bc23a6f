"""What agent and server say to each other: JSON objects with a `type`."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from printer.agent.journal import JournalJob
from printer.status import PrinterStatus

VERSION = 1
LONGEST_MESSAGE = 2 << 20  # bytes; a slip is some 15 kB
LONGEST_KEY = 200


class BadMessage(ValueError):
    """The server said something that is not in the agreement."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """The server knows the agent and has read its hello."""


@dataclass(frozen=True, slots=True)
class TakeJob:
    """Print these bytes within so many seconds."""

    key: str
    data: bytes
    good_for: float


@dataclass(frozen=True, slots=True)
class DropJob:
    """Do not print this, unless it has been begun."""

    key: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The end of this job is on the server's disk."""

    key: str


FromServer = Welcome | TakeJob | DropJob | Settled


def read_message(text: str | bytes) -> FromServer | None:
    """Read a message; None for a type of a later version. Raises BadMessage."""
    try:
        said = json.loads(text)
        return _read(said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadMessage(f"not understood: {type(error).__name__}") from error


def _read(said: Mapping[str, Any]) -> FromServer | None:
    match said["type"]:
        case "welcome":
            return Welcome()
        case "job":
            return TakeJob(_key(said), _data(said), _seconds(said))
        case "drop":
            return DropJob(_key(said))
        case "settled":
            return Settled(_key(said))
    return None


def _key(said: Mapping[str, Any]) -> str:
    key = said["key"]
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
        raise BadMessage("a key is a text")
    return key


def _data(said: Mapping[str, Any]) -> bytes:
    try:
        data = base64.b64decode(said["data"], validate=True)
    except binascii.Error as error:
        raise BadMessage("data is base64") from error
    if not data:
        raise BadMessage("a slip is not empty")
    return data


def _seconds(said: Mapping[str, Any]) -> float:
    seconds = float(said["good_for_seconds"])
    if not 0 < seconds <= 24 * 3600:
        raise BadMessage("good_for_seconds is more than 0 and at most a day")
    return seconds


def hello(jobs: Sequence[JournalJob]) -> str:
    """Say who speaks, and every job whose end the server may not know."""
    return _text("hello", version=VERSION, jobs=[_facts(job) for job in jobs])


def job_state(job: JournalJob) -> str:
    """Say where a job is: `taken` on this disk, or `ended` in some way."""
    if job.has_ended:
        return _text("ended", **_facts(job))
    return _text("taken", key=job.key)


def dropped(key: str) -> str:
    """Say that a job will never be printed here."""
    return _text("dropped", key=key)


def status_report(status: PrinterStatus) -> str:
    """Say how the printer is."""
    return _text("status", problem=status.problem, **asdict(status))


def _facts(job: JournalJob) -> dict[str, Any]:
    return job._asdict()


def _text(kind: str, **facts: Any) -> str:
    return json.dumps({"type": kind, **facts}, separators=(",", ":"))
