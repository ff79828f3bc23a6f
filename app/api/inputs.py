"""The forms that input may have; everything else is refused with 422."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LARGEST_ID = 2**53


def _plain(text: str) -> str:
    """Refuse control characters and half surrogates: no data may steer a printer."""
    if not text.isprintable():
        raise ValueError("control characters are not allowed")
    return text


PlainText = Annotated[str, AfterValidator(_plain)]
ShortText = Annotated[PlainText, Field(min_length=1, max_length=200)]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


class Body(BaseModel):
    """A command's body; ``version`` is the version that the caller has seen."""

    model_config = ConfigDict(strict=True, extra="forbid")

    version: Id | None = None


class ReasonBody(Body):
    """A body that may give a reason."""

    reason: ShortText | None = None
