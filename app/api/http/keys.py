"""Idempotency-Key: read from the header, scoped to credential and route."""

import hashlib
import re
from collections.abc import Callable
from typing import Annotated, cast

from fastapi import Depends, Header, Request

from app.errors import Invalid, KeyRequired
from app.ledger import RequestKey
from app.queueing.change import Actor

MakeKey = Callable[[Actor], RequestKey]
MakeOptionalKey = Callable[[Actor], RequestKey | None]
KEY_HEADER = "Idempotency-Key"
_VISIBLE = re.compile(r"[\x21-\x7e]{1,200}")
IdempotencyKey = Annotated[
    str | None,
    Header(
        description="Makes a repeat harmless: 1 to 200 visible ASCII characters.",
        # for the document; what is refused is refused below, with words of its own
        json_schema_extra={"pattern": f"^{_VISIBLE.pattern}$"},
    ),
]


async def optional_key(
    request: Request, idempotency_key: IdempotencyKey = None
) -> MakeOptionalKey:
    """Return what makes this request's key once its sender is known."""
    if idempotency_key is None:
        return lambda _who: None
    if not _VISIBLE.fullmatch(idempotency_key):
        raise Invalid("Idempotency-Key: 1 to 200 visible ASCII characters.")
    key = idempotency_key
    # of the bytes as they came: a repeat is sent again as it was
    body = hashlib.sha256(await request.body()).hexdigest()
    return lambda actor: RequestKey(f"{actor.credential} {_route(request)}", key, body)


async def required_key(
    request: Request, idempotency_key: IdempotencyKey = None
) -> MakeKey:
    """Return what makes this request's key; ``KeyRequired`` when there is none."""
    if idempotency_key is None:
        raise KeyRequired
    return cast(MakeKey, await optional_key(request, idempotency_key))


def _route(request: Request) -> str:
    """Name the route and what it is about, without any ticket token."""
    path_values = [v for k, v in sorted(request.path_params.items()) if k != "token"]
    path = request.scope["route"].path
    return " ".join([request.method, path, *map(str, path_values)])


OptionalKey = Annotated[MakeOptionalKey, Depends(optional_key)]
RequiredKey = Annotated[MakeKey, Depends(required_key)]
