"""Bad requests for every route, made from the OpenAPI document."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

JSON = "application/json"
UNKNOWN_ID = 2**50
UNKNOWN = {"token": "no-such-token-here"}
BAD_IDS = ["0", "-1", "1.5", "abc", "9" * 400, "%00", "1%00", "%E2%82%AC", "1;2", "NaN"]
BAD_TOKENS = ["%00" * 10, "a" * 5000, "%F0%9F%98%80" * 4, "..%2F..%2Fetc", "a b c d e"]
MISSING_BODIES = [b"", b"null"]
BAD_BODIES = [
    b"[]",
    b'"text"',
    b"0",
    b"{",
    b"\x00",
    b"\xff\xfe\x00",
    b'{"a": "\\ud800"}',
    b'{"version": "1"}',
    b'{"version": -1}',
    b'{"version": 1e400}',
    b'{"version": %s}' % (b"9" * 4000),
    b'{"unknown field": true}',
    b'{"\\u0000": 1}',
    b"[" * 30_000,
    b'{"a":' * 10_000,
]
BAD_VALUES: list[Any] = [
    True,
    -1,
    0,
    2**63,
    10**300,
    1.5,
    "",
    "\x00",
    "a\x1bb",
    "\u202e",
    "x" * 60_000,
    [],
    [None],
    {},
    {"$ne": None},
]
BAD_HEADERS = [
    {"Idempotency-Key": b"a\x01b"},
    {"Idempotency-Key": b"\xff\xfe"},
    {"Idempotency-Key": b"k" * 5000},
    {"Authorization": b"Bearer \xff\xfe\x80"},
    {"Authorization": b"Bearer " + b"x" * 5000},
    {"Cookie": b"antrean_staff=\xff\x80; antrean_kiosk=\x01"},
    {"Accept-Language": b"\xff" * 100},
    {"Content-Length": b"12x"},
]
BAD_QUERIES = ["at=%00", "at=yesterday", "after=%00&topic=%00", "at=" + "9" * 4000]


class Attempt(NamedTuple):
    """One bad request; ``reason`` says what is bad about it."""

    reason: str
    method: str
    path: str
    body: bytes | None = None
    media: str = JSON
    headers: tuple[tuple[str, bytes], ...] = ()


def attempts(document: dict[str, Any]) -> Iterator[Attempt]:
    """Yield every bad request for every operation of the document."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield from _of_path(method.upper(), path)
            yield from _of_headers(method.upper(), _with_ids(path, known=False))
            if "requestBody" in operation:
                yield from _of_bodies(
                    method.upper(), _with_ids(path), operation, document
                )


def _of_path(method: str, path: str) -> Iterator[Attempt]:
    yield Attempt("unknown id", method, _with_ids(path, known=False), b"{}")
    for query in BAD_QUERIES if method == "GET" else ():
        yield Attempt(f"query {query[:9]}", method, f"{_with_ids(path)}?{query}")
    names = re.findall(r"{(\w+)}", path)
    for name in names:
        for bad in BAD_TOKENS if name == "token" else BAD_IDS:
            bad_path = path.replace(f"{{{name}}}", bad)
            yield Attempt(f"{name}={bad[:9]}", method, _with_ids(bad_path), b"{}")


def _of_headers(method: str, path: str) -> Iterator[Attempt]:
    for headers in BAD_HEADERS:
        (name,) = headers
        bad = tuple(headers.items())
        yield Attempt(f"header {name}", method, path, b"{}", headers=bad)


def _of_bodies(
    method: str, path: str, operation: dict[str, Any], document: dict[str, Any]
) -> Iterator[Attempt]:
    is_required = operation["requestBody"].get("required", False)
    for body in BAD_BODIES + MISSING_BODIES * is_required:
        yield Attempt(f"body {body[:12]!r}", method, path, body)
    for media in ("text/plain", "multipart/form-data", "", "x" * 300):
        yield Attempt(f"media {media[:12]}", method, path, b"{}", media)
    for name, value in _spoilt_fields(operation, document):
        body = json.dumps({name: value}).encode()
        yield Attempt(f"{name}={str(value)[:12]}", method, path, body)


def _spoilt_fields(
    operation: dict[str, Any], document: dict[str, Any]
) -> Iterator[tuple[str, Any]]:
    for name in sorted(_fields(operation["requestBody"], document)):
        for value in BAD_VALUES:
            yield name, value


def _fields(part: Any, document: dict[str, Any]) -> set[str]:
    """Return the names of the properties that a schema refers to."""
    names: set[str] = set()
    if isinstance(part, list):
        for each in part:
            names |= _fields(each, document)
    elif isinstance(part, dict):
        names |= set(part.get("properties", {}))
        reference = part.get("$ref", "").rpartition("/")[2]
        if reference:
            names |= _fields(document["components"]["schemas"][reference], document)
        for key, each in part.items():
            if key != "properties":
                names |= _fields(each, document)
    return names


def _with_ids(path: str, *, known: bool = True) -> str:
    path = path.replace("{token}", UNKNOWN["token"])
    return re.sub(r"{\w+}", "1" if known else str(UNKNOWN_ID), path)
