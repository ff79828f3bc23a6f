"""What a page or a script has to repeat of the rules is what the rules have."""

import re
from typing import get_args

import pytest

from app.admin.forms import PairForm, read_pair_form
from app.auth.secrets import new_code
from app.kiosk.choices import MAX_PEOPLE
from app.models.states import CancelReason, Result
from app.queueing.commands.cancelling import CANCELLABLE_BY_VISITOR
from app.queueing.commands.transferring import Position
from app.queueing.site.policy import Policy
from app.realtime.socket import GONE, REVOKED
from app.web.folders import ROOT

COUNTER = "counters/templates/actions.html"
RECEPTION = "app/admin/templates/reception/visit.html"
VISITOR = "app/visitor/templates/ticket.html"


def source(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def choices(name: str, loop: str) -> list[str]:
    """Return the first word of each row of a template's list."""
    rows = re.search(rf"{loop} in \[(.*?)\] %}}", source(name), re.DOTALL)
    assert rows
    return re.findall(r'^\s*\("(\w+)"', rows[1], re.MULTILINE)


def test_every_result_of_the_work_can_be_chosen() -> None:
    assert set(choices(COUNTER, "result, symbol, label")) == set(Result)


def test_every_reason_of_a_person_to_cancel_can_be_chosen() -> None:
    by_people = set(CancelReason) - {CancelReason.CLOSED}

    assert set(choices(RECEPTION, "reason, symbol, label")) == by_people


@pytest.mark.parametrize("name", [COUNTER, RECEPTION])
def test_a_transfer_may_go_to_every_position(name: str) -> None:
    select = re.search(r'name="position">(.*?)</select>', source(name), re.DOTALL)

    assert select
    assert set(re.findall(r'value="(\w+)"', select[1])) == set(get_args(Position))


def test_a_visitor_is_offered_to_cancel_only_what_the_rule_lets() -> None:
    offered = re.search(
        r'when\("([a-z_ ]+)", ticket.state\) }}>\s*<button[^>]*data-cancel',
        source(VISITOR),
    )

    assert offered
    assert set(offered[1].split()) <= set(CANCELLABLE_BY_VISITOR)


def test_the_kiosk_takes_as_many_people_as_a_site_may_allow() -> None:
    schema = Policy.model_json_schema()["properties"]["people_max"]

    assert schema["maximum"] == MAX_PEOPLE


def test_the_live_line_knows_the_servers_farewells() -> None:
    script = source("app/web/static/live.js")

    def constant(name: str) -> int:
        value = re.search(rf"const {name} = (\d+);", script)
        assert value
        return int(value[1])

    assert constant("REVOKED") == REVOKED
    assert constant("TOPIC_GONE") == GONE


def test_a_code_that_the_server_made_is_of_the_forms_form() -> None:
    form = PairForm(code=new_code(), device_id="1")

    assert read_pair_form(form).problem is None


def test_no_single_key_begins_a_scanned_address() -> None:
    first = re.search(
        r'const FIRST = "(.)";', source("app/web/static/commands/scan.js")
    )

    assert first
    assert "http".startswith(first[1])
    for name in (COUNTER, "counters/templates/bottom.html", RECEPTION):
        assert f'action("{first[1]}"' not in source(name), name
