"""schemathesis finds no difference between the document and the server.

Every call of the document, asked by everybody, with good and with bad input. It is
derandomised: the same requests each time. The plain suite asks each call a few times,
``--full`` many.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import checks as of_answers
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from tests.contract.askers import Mall
from tests.support.demo import DemoServer


def what_the_document_takes_is_well_formed(
    _context: object, response: schemathesis.Response, case: "Case"
) -> None:
    """Refuse a 422 that names fields for data after the document.

    A rule may refuse it still. Of signs that are not printable the generator knows
    fewer than we do: what Unicode has not assigned.
    """
    is_good = case.meta is not None and case.meta.generation.mode is GOOD
    if is_good and response.status_code == 422:
        fields = response.json().get("fields", [])
        assert all("control characters" in each["cause"] for each in fields), fields


CHECKS = [
    what_the_document_takes_is_well_formed,
    of_answers.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.ignored_auth,
]
Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]
# what these name is ended: nobody's who still has to ask
SPARED = ("user_id", "token_id")
GOOD, BAD = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


@pytest.fixture(scope="module")
def busy_mall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    demo = DemoServer(tmp_path_factory.mktemp("contract"))
    try:
        demo.start()
        mall = Mall(demo)
        mall.prepare()
        yield mall
    finally:
        demo.stop()


@pytest.fixture(scope="module")
def document(busy_mall: Mall) -> schemathesis.BaseSchema:
    return document_of(busy_mall)


def document_of(mall: Mall) -> schemathesis.BaseSchema:
    url = f"{mall.demo.url}/api/v1/openapi.json"
    document = schemathesis.openapi.from_url(url)
    # they are ours: each caller has its own
    document.config.generation.update(with_security_parameters=False)
    return document


@pytest.mark.timeout(600)
def test_everybody_is_told_what_the_document_says(
    busy_mall: Mall, document: schemathesis.BaseSchema
) -> None:
    differences = _differences(busy_mall, document, times=2)

    assert differences == {}


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_everybody_is_told_so_however_often(
    busy_mall: Mall, document: schemathesis.BaseSchema
) -> None:
    differences = _differences(busy_mall, document, times=60)

    assert differences == {}


def _differences(
    mall: Mall, document: schemathesis.BaseSchema, *, times: int
) -> dict[str, str]:
    found = {}
    for operation in _operations(document):
        mall.renew()
        for mode in (GOOD, BAD):
            try:
                _ask(mall, operation, mode, times)
            except Unsatisfiable:
                # it reads nothing, or takes whatever it is given
                assert mode is BAD
            except (Exception, BaseExceptionGroup) as difference:
                found[f"{operation.label} {mode.name}"] = str(difference)
    return found


def _operations(document: schemathesis.BaseSchema) -> Iterator[Operation]:
    for each in document.get_all_operations():
        assert isinstance(each, Ok), each.err()
        yield each.ok()


def _ask(
    mall: Mall,
    operation: Operation,
    mode: schemathesis.GenerationMode,
    times: int,
) -> None:
    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=times,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(mode),
        asker=st.sampled_from(sorted(mall.headers)),
        chosen=st.integers(0, 1000),
    )
    def ask(case: Case, asker: str, chosen: int) -> None:
        _aim(case, mall, chosen, is_good=mode is GOOD)
        # what is well formed is asked by everybody in turn
        for each in sorted(mall.headers) if mode is GOOD else [asker]:
            case.call_and_validate(
                headers=mall.headers[each], checks=CHECKS, timeout=60
            )

    ask()


def _aim(case: Case, mall: Mall, chosen: int, *, is_good: bool) -> None:
    """Let a request be about something that there is; a bad one stays as it is."""
    values = case.path_parameters
    for name in values:
        if name in SPARED or (is_good and name in mall.ids):
            values[name] = _one_of(mall.ids[name], chosen)
    if is_good and isinstance(case.body, dict):
        for name in case.body:
            # a body's number is a spare one, without its letter
            if name in mall.ids and name != "number" and chosen % 5:
                case.body[name] = _one_of(mall.ids[name], chosen)


def _one_of(known: list[Any], chosen: int) -> Any:
    return known[chosen % len(known)]
