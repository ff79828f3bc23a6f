"""What the OpenAPI document lets a call answer: every test's answers are held to it."""

import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import httpx2

from app.main import create_app
from app.settings import Settings

PROBLEM = "application/problem+json"


def undeclared(answer: httpx2.Response) -> str | None:
    """Tell what of an answer its call does not declare; None: all is declared.

    Paths and methods that are no call are passed over, and so is a 500: a test of a
    server that breaks asks for it.
    """
    request = answer.request
    declared = _responses(request.method, request.url.path)
    status, media = str(answer.status_code), _media(answer)
    if declared is None or status == "500":
        return None
    call = f"{request.method} {request.url.path}"
    if status not in declared:
        return f"{call}: {status} {answer.text[:200]}"
    content = _resolved(declared[status]).get("content", {})
    if content and media not in content:
        return f"{call}: {status} as {media}"
    if media == PROBLEM and answer.json()["code"] not in _codes(content[media]):
        return f"{call}: {status} {answer.json()['code']}"
    return None


@cache
def _document() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return create_app(Settings(data=Path(folder))).openapi()


@cache
def _paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    # the longest first: `/tickets/by-id/{id}` before `/tickets/{token}/…`
    return [
        (re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))), operations)
        for path, operations in sorted(
            _document()["paths"].items(), key=lambda item: item[0].count("{")
        )
    ]


def _responses(method: str, path: str) -> dict[str, Any] | None:
    for pattern, operations in _paths():
        if pattern.fullmatch(path):
            operation = operations.get(method.lower())
            if operation is not None:
                responses: dict[str, Any] = operation["responses"]
                return responses
    return None


def _resolved(response: dict[str, Any]) -> dict[str, Any]:
    reference = response.get("$ref")
    if reference is None:
        return response
    found: dict[str, Any] = _document()["components"]["responses"][
        reference.rpartition("/")[2]
    ]
    return found


def _codes(content: dict[str, Any]) -> set[str]:
    return set(content["schema"]["allOf"][1]["properties"]["code"]["enum"])


def _media(answer: httpx2.Response) -> str:
    return answer.headers.get("content-type", "").partition(";")[0]
