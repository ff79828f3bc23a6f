"""The OpenAPI document: what it tells of credentials, keys and refusals."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.main import create_app
from app.settings import Settings
from tests.api.test_access import API, TABLE
from tests.docs.pages import page_named, text

PROBLEM = "application/problem+json"
NEEDS_KEY = {
    ("POST", "/tickets"),
    ("POST", "/counters/{counter_id}/call-next"),
    ("POST", "/spare-numbers"),
}


class Operation(NamedTuple):
    method: str
    path: str
    content: dict[str, Any]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return create_app(Settings(data=tmp_path_factory.mktemp("site"))).openapi()


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> list[Operation]:
    return [
        Operation(method.upper(), path.removeprefix(API), content)
        for path, methods in document["paths"].items()
        for method, content in methods.items()
    ]


def test_the_roles_of_every_call_stand_beside_its_credentials(
    operations: list[Operation],
) -> None:
    shown = {
        f"{each.method} {nameless(each.path)}": {
            role
            for requirement in each.content["security"]
            for roles in requirement.values()
            for role in roles
        }
        or {"anyone"}
        for each in operations
    }
    wanted = {
        nameless(route): set(roles.split())
        for route, roles in TABLE.items()
        if not route.startswith("WS")
    }

    assert {route: shown[route] for route in wanted} == wanted


def test_a_staff_cookie_opens_no_call_of_devices_alone(
    operations: list[Operation], document: dict[str, Any]
) -> None:
    schemes = document["components"]["securitySchemes"]
    assert {scheme["type"] for scheme in schemes.values()} == {"http", "apiKey"}

    by_call = {
        (each.method, each.path): each.content["security"] for each in operations
    }

    assert [set(each) for each in by_call["POST", "/device-session"]] == [
        {"deviceToken"}
    ]
    assert [set(each) for each in by_call["GET", "/audit"]] == [{"staffCookie"}]
    assert {"kioskCookie"} in [set(each) for each in by_call["POST", "/tickets"]]


def test_a_key_is_required_where_the_contract_requires_it(
    operations: list[Operation],
) -> None:
    required = {
        (each.method, each.path)
        for each in operations
        for parameter in each.content.get("parameters", ())
        if parameter["name"] == "Idempotency-Key" and parameter["required"]
    }

    assert required == NEEDS_KEY


def test_every_refusal_is_a_problem_with_its_codes(
    operations: list[Operation], document: dict[str, Any]
) -> None:
    found = list(refusals(operations, document))

    assert len(found) > 500
    assert {
        (each.method, each.path, status)
        for each, status, content in found
        # readiness tells what fails, whatever its status
        if set(content) != {PROBLEM} and each.path != "/readyz"
    } == set()
    assert all(codes(content[PROBLEM]) for _, _, content in found if PROBLEM in content)


def test_every_code_is_the_contract_s_and_every_one_of_the_contract_is_met(
    operations: list[Operation], document: dict[str, Any]
) -> None:
    page = text(page_named("contract.md")).partition("## Fixed, not built yet")[0]
    met = {
        code
        for _, _, content in refusals(operations, document)
        for code in codes(content.get(PROBLEM, {}))
    }
    conflicts = page.partition("| 409 | What it means |")[2].partition("\n\n")[0]

    assert {code for code in met if code not in page} == set()
    assert set(re.findall(r"`([a-z-]+)`", conflicts)) - met == set()


def test_no_path_of_this_machine_is_told(document: dict[str, Any]) -> None:
    assert str(Path.home()) not in json.dumps(document)


def refusals(
    operations: list[Operation], document: dict[str, Any]
) -> Iterator[tuple[Operation, str, dict[str, Any]]]:
    shared = document["components"]["responses"]
    for each in operations:
        for status, response in each.content["responses"].items():
            if status >= "400":
                name = response.get("$ref", "").rpartition("/")[2]
                yield each, status, shared.get(name, response)["content"]


def codes(content: dict[str, Any]) -> list[str]:
    if not content:
        return []
    found: list[str] = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
    return found


def nameless(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)
