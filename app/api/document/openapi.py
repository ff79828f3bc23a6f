"""Adds to FastAPI's document what it cannot know: refusals, credentials, keys."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI

from app.api.document.call import Call, calls_of
from app.api.document.refusals import Refusal
from app.api.document.security import security_of, security_schemes
from app.api.http.keys import KEY_HEADER
from app.web.problems import problem_text

PROBLEM_MEDIA = "application/problem+json"
ABOUT = """
Every refusal is `application/problem+json` (RFC 9457) with a stable `code`. HEAD is
answered wherever GET is, and a method that a path does not have with 405 and `Allow`.
What these calls mean is told on the manual's page "contract".
""".strip()
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "A refusal (RFC 9457). What more it carries depends on its code.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {
            "type": "string",
            "description": "For a person, in the language that was asked for.",
        },
        "advice": {"type": "string", "description": "What to do next, likewise."},
        "status": {"type": "integer", "description": "The status, once more."},
        "code": {"type": "string", "description": "What a program acts on."},
        "detail": {"type": "string", "description": "For a program's author."},
        "fields": {
            "type": "array",
            "description": "Which parts of the request are wrong, ten at most.",
            "items": {
                "type": "object",
                "required": ["where", "cause"],
                "properties": {
                    "where": {"type": "string"},
                    "cause": {"type": "string"},
                },
            },
        },
        "retry_after_seconds": {
            "type": "number",
            "description": "When it may be asked again.",
        },
        "ticket": {
            "type": ["object", "null"],
            "description": "A 409's ticket as it stands.",
        },
        "counter": {
            "type": ["object", "null"],
            "description": "A 409's counter as it stands.",
        },
    },
}
_RETRY_AFTER = {
    "Retry-After": {
        "description": "Whole seconds, where it is known.",
        "schema": {"type": "integer", "minimum": 1},
    }
}
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string", "const": "Bearer"}}},
    429: _RETRY_AFTER,
    503: _RETRY_AFTER,
}
OF_FASTAPI = ("HTTPValidationError", "ValidationError")


class DescribedApp(FastAPI):
    """A FastAPI whose document tells what its routes refuse, and whom."""

    _described: dict[str, Any] | None = None

    def openapi(self) -> dict[str, Any]:
        """Return the document; made once, when somebody first asks."""
        document = super().openapi()
        if document is not self._described:
            _complete(document, list(calls_of(self.routes)))
            self._described = document
        return document


def _complete(document: dict[str, Any], calls: list[Call]) -> None:
    document["info"]["description"] = ABOUT
    components = document["components"]
    for name in OF_FASTAPI:
        components["schemas"].pop(name, None)
    components["schemas"]["Problem"] = PROBLEM
    components["securitySchemes"] = security_schemes()
    components["responses"] = {}
    for call in calls:
        operation = document["paths"][call.path][call.method.lower()]
        operation["security"] = security_of(call.allow)
        for parameter in operation.get("parameters", ()):
            _complete_parameter(parameter, call)
        _add_refusals(operation["responses"], components["responses"], call)


def _complete_parameter(parameter: dict[str, Any], call: Call) -> None:
    if parameter["name"].lower() == KEY_HEADER.lower():
        parameter["name"] = KEY_HEADER
        parameter["required"] = call.needs_key
    # what is left out is null to Python; in an address nobody can say null
    kinds = parameter["schema"].pop("anyOf", None)
    if kinds is not None:
        (kind,) = [each for each in kinds if each != {"type": "null"}]
        parameter["schema"].update(kind)


def _add_refusals(
    responses: dict[str, Any], shared: dict[str, Any], call: Call
) -> None:
    # FastAPI's own words for a body that it does not take
    responses.pop("422", None)
    by_status = defaultdict(list)
    for refusal in sorted(call.refusals()):
        by_status[refusal.status].append(refusal)
    for status, refusals in by_status.items():
        if str(status) in responses:
            responses[str(status)]["content"].update(_content(refusals))
            continue
        name = "-".join([str(status), *_codes(refusals)])
        shared.setdefault(name, _response(status, refusals))
        responses[str(status)] = {"$ref": f"#/components/responses/{name}"}


def _response(status: int, refusals: list[Refusal]) -> dict[str, Any]:
    lines = (f"`{each.code}`: {each.meaning}" for each in refusals)
    response = {"description": "\n\n".join(lines), "content": _content(refusals)}
    if status in HEADERS:
        response["headers"] = HEADERS[status]
    return response


def _content(refusals: list[Refusal]) -> dict[str, Any]:
    return {
        PROBLEM_MEDIA: {
            "schema": {
                "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {"properties": {"code": {"enum": _codes(refusals)}}},
                ]
            },
            "examples": {each.code: {"value": _example(each)} for each in refusals},
        }
    }


def _codes(refusals: Iterable[Refusal]) -> list[str]:
    return list(dict.fromkeys(each.code for each in refusals))


def _example(refusal: Refusal) -> dict[str, Any]:
    words = problem_text(refusal.code, "en")
    return {
        "type": "about:blank",
        "title": words.title,
        "advice": words.advice,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.meaning,
    }
