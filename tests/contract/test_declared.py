"""What the OpenAPI document declares is what the code refuses."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.api.document.call import Call, calls_of
from app.api.document.refusals import Refusal, refusals_of
from app.main import create_app
from app.settings import Settings
from tests.support.http.raised import refusals_raised_by

NOT_FOUND = {(404, "not-found")}
# of a row that the same transaction has just read or written: it is there
NEVER = {
    ("POST", "/api/v1/session"): NOT_FOUND,
    ("DELETE", "/api/v1/session"): NOT_FOUND,
    ("POST", "/api/v1/users"): NOT_FOUND,
}
# says itself what fails, whatever it was
CATCHES_ALL = "/readyz"


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    app = create_app(Settings(data=tmp_path_factory.mktemp("site")))
    return list(calls_of(app.routes))


def raised_by(call: Call) -> Iterator[Refusal]:
    for part in call.parts:
        for kind in refusals_raised_by(part):
            yield from refusals_of(kind)


def test_every_refusal_that_the_code_raises_is_declared(calls: list[Call]) -> None:
    assert len(calls) > 70

    missing = {
        (call.method, call.path): undeclared
        for call in calls
        if call.path != CATCHES_ALL
        if (undeclared := codes(raised_by(call)) - codes(call.refusals()))
    }

    assert missing == NEVER


def test_no_conflict_is_declared_that_the_code_never_raises(calls: list[Call]) -> None:
    never = {
        (call.method, call.path): too_many
        for call in calls
        if (too_many := conflicts(call.refusals()) - conflicts(raised_by(call)))
    }

    assert never == {}


def codes(refusals: Any) -> set[tuple[int, str]]:
    return {(each.status, each.code) for each in refusals}


def conflicts(refusals: Any) -> set[tuple[int, str]]:
    return {(status, code) for status, code in codes(refusals) if status == 409}
