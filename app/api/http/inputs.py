"""The forms that input may have; everything else is refused with 422."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, TypeVar, cast
from unicodedata import category, normalize

from fastapi import Depends, Path
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
)

from app.auth.accounts.password_rule import MAX_CHARACTERS, MIN_CHARACTERS
from app.models.states import MAX_ID
from app.queueing.commands.transferring import Position, Target


def plain_blanks(text: str) -> str:
    """Return a text with plain blanks for tabs and for what no line breaks at.

    What is pasted from a message or a document brings them, and nobody sees them.
    """
    return "".join(
        " " if sign == "\t" or category(sign) == "Zs" else sign for sign in text
    )


def _plain(text: str) -> str:
    """Refuse control characters and half surrogates: no data may steer a printer."""
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


def _whole(value: object) -> object:
    """Take 2.0 for 2, as JSON Schema does; a strict model would not."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _in_range(moment: datetime) -> datetime:
    """Refuse what no mall means, long before a sum of moments overflows."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR} is expected")
    return moment.astimezone(UTC)


FIRST_YEAR, LAST_YEAR = 2000, 2199
UtcDatetime = Annotated[
    AwareDatetime,
    Field(strict=False, json_schema_extra={"pattern": "^2[01]"}),
    AfterValidator(_in_range),
]
"""A moment with its offset, taken over in UTC."""

# for the document: what is printable (``str.isprintable``), in ECMAScript's words
_PLAIN = {"pattern": r"^(?: |[^\p{C}\p{Z}])*$"}
PlainText = Annotated[str, AfterValidator(_plain), Field(json_schema_extra={**_PLAIN})]
"""As it was sent: of a secret no sign is changed."""

UserName = Annotated[
    str,
    AfterValidator(str.strip),
    AfterValidator(_plain),
    Field(min_length=1, max_length=100),
]
"""A user name; blanks of whatever sort around it came with a paste or a keyboard."""

ShortText = Annotated[
    str,
    AfterValidator(plain_blanks),
    AfterValidator(partial(normalize, "NFC")),
    AfterValidator(_plain),
    Field(min_length=1, max_length=200, json_schema_extra={**_PLAIN}),
]
"""What people will read: one letter is one sign, however it was typed."""
WHOLE = BeforeValidator(_whole)
"""Beside a whole number's limits, behind them: 2.0 is 2."""
Id = Annotated[int, Field(ge=1, le=MAX_ID), WHOLE]
PathId = Annotated[int, Path(ge=1, le=MAX_ID)]

ChosenPassword = Annotated[
    str,
    Field(
        max_length=1000,
        json_schema_extra={"minLength": MIN_CHARACTERS, "maxLength": MAX_CHARACTERS},
    ),
]
"""For a password that is chosen: its rule refuses with words of its own
(``app.auth.accounts.password_rule``)."""

Kind = TypeVar("Kind", bound=StrEnum)
EnumText = Annotated[Kind, Field(strict=False)]
"""One of an enum's words: a strict body would want the enum itself, not its text."""


class Body(BaseModel):
    """A command's body; ``version`` is the version that the caller has seen."""

    # forbid: a misspelt field that may be left out would have no effect, unnoticed
    model_config = ConfigDict(strict=True, extra="forbid")

    version: Id | None = None


def example(**fields: JsonValue) -> ConfigDict:
    """Return the configuration that shows a body in the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class ReasonBody(Body):
    """A body that may give a reason."""

    reason: ShortText | None = None


class TicketBody(ReasonBody):
    """Which ticket, and why."""

    ticket_id: Id


class TargetBody(Body):
    """Where a transfer leads: a service or a counter, and the position in its line."""

    service_id: Id | None = None
    counter_id: Id | None = None
    position: Position = "keep"
    back: bool = False

    def target(self) -> Target:
        """Return it as the rules take it."""
        return Target(self.service_id, self.counter_id, self.position, self.back)


class TransferBody(TargetBody):
    """A transfer of one visitor, with a note for whoever serves next."""

    model_config = example(service_id=40, position="next", note="Berkas lengkap")

    note: ShortText | None = None


class EntryBody(Body):
    """A body that may name one entry."""

    entry_id: Id | None = None


B = TypeVar("B", bound=Body)


def or_empty(model: type[B]) -> Any:
    """Return the dependency that reads a body, or its defaults where none was sent."""

    async def read(body: Body | None = None) -> B:
        return cast(B, body) if body is not None else model()

    # what FastAPI reads: which model it is, is known only here
    read.__annotations__["body"] = model | None
    return Depends(read)


OptionalBody = Annotated[Body, or_empty(Body)]
OptionalEntry = Annotated[EntryBody, or_empty(EntryBody)]
