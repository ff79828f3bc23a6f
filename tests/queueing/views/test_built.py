"""Views that are built without a look are what a look would have made of them."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from app.queueing.change import Change
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.issuing import TicketRequest, issue_ticket
from app.queueing.views.board import Boards, CallView
from app.queueing.views.tickets import (
    IssuedTicket,
    StaffTicketView,
    issued_rows_view,
    staff_ticket_view,
)
from tests.support.rules.harness import ADMIN, KIOSK, custom_mall, rules_of


@pytest.fixture
def views(tmp_path: Path) -> list[StaffTicketView]:
    """A ticket as it is issued, called and served."""
    shown: list[StaffTicketView] = []

    def issue(db: Connection, change: Change) -> None:
        request = TicketRequest([1], people=2, priority="lansia", language="en")
        issued = issue_ticket(db, change, ticket_request=request, actor=KIOSK)
        shown.append(issued_rows_view(db, issued))

    def show(db: Connection, _change: Change) -> None:
        shown.append(staff_ticket_view(db, shown[0].id, ADMIN))

    with rules_of(tmp_path, custom_mall()) as rules:
        rules.do(counter_states.open_, counter_id=1, actor=ADMIN)
        rules.do(issue)
        for command in (calling.call_next, serving.start, serving.serve):
            rules.do(command, counter_id=1, actor=ADMIN)
            rules.do(show)
    return shown


def test_they_are_whole_and_of_their_types(views: list[StaffTicketView]) -> None:
    assert [type(view) for view in views] == [IssuedTicket, *[StaffTicketView] * 3]
    for view in views:
        fields: dict[str, Any] = dict(view)
        assert list(view.entries[0].model_fields_set) != []
        assert set(fields) == set(type(view).model_fields) == view.model_fields_set
        assert set(dict(view.entries[0])) == set(type(view.entries[0]).model_fields)
        checked = type(view).model_validate(view.model_dump(), strict=True)
        assert checked == view
        assert checked.model_dump() == view.model_dump()


def test_a_copy_of_one_is_one(views: list[StaffTicketView]) -> None:
    copied = views[0].entries[0].model_copy(update={"place": None})

    assert copied == views[0].entries[0]
    assert copied.model_dump_json() == views[0].entries[0].model_dump_json()


def test_a_call_on_a_board_is_whole_too(tmp_path: Path) -> None:
    with rules_of(tmp_path, custom_mall()) as rules:
        rules.called()
        with rules.engine.begin() as db:
            zones = frozenset({1})
            boards = Boards(db, rules.now, zones, stale_after_seconds=5)
            (call,) = boards.of(zones).calls

    assert call.model_fields_set == set(CallView.model_fields) == set(dict(call))
    checked = CallView.model_validate(call.model_dump(), strict=True)
    assert checked.model_dump() == call.model_dump()
