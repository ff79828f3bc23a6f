"""What the first paint of a display needs beyond its board."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.queueing import rows
from app.queueing.views.board import AgencyWaiting, Board, CallView, board, zones_of


class Layout(BaseModel):
    """How much stands on a display at once, and for how long."""

    large: int = 2
    """Calls shown large: with two, a 55-inch screen still reads at 10 m."""
    rows: int = 4
    """Calls beside them on one page."""
    lines: int = 4
    """Agencies with people waiting on one page."""
    closed_lines: int = 2
    """Agencies that give no numbers on one page: each needs the whole width."""
    large_seconds: int = 10
    """A call stays large at least so long (legibility.md#a-call-on-the-display)."""
    page_seconds: int = 8
    """How long a page of calls, or of agencies, is left to be read."""


LAYOUT = Layout()

_NAME = select(rows.device.c.name).where(rows.device.c.id == bindparam("display_id"))


class ScreenView(BaseModel):
    """A display, its board, and where each call stands before any script runs."""

    display_id: int
    name: str
    zone_count: int
    board: Board
    large: list[CallView]
    beside: list[CallView]
    still_called: list[int]
    lines: list[AgencyWaiting]
    closed: list[AgencyWaiting]

    @property
    def first_closed(self) -> list[AgencyWaiting]:
        """Return the closed agencies that stand below first: where nobody waits."""
        return [] if self.lines else self.closed[: LAYOUT.closed_lines]


def screen(
    db: Connection, display_id: int, *, now: datetime, stale_after_seconds: int
) -> ScreenView:
    """Return what a display shows first; ``NotFound`` when there is none such."""
    zones = zones_of(db, display_id)
    board_view = board(db, display_id, now=now, stale_after_seconds=stale_after_seconds)
    return ScreenView(
        display_id=display_id,
        name=str(db.execute(_NAME, {"display_id": display_id}).scalar_one()),
        zone_count=len(zones),
        board=board_view,
        large=board_view.calls[: LAYOUT.large],
        beside=[*board_view.calls[LAYOUT.large :], *board_view.recent][: LAYOUT.rows],
        still_called=[call.id for call in board_view.calls],
        lines=with_people(board_view.waiting)[: LAYOUT.lines],
        closed=closed_agencies(board_view),
    )


def with_people(waiting: Sequence[AgencyWaiting]) -> list[AgencyWaiting]:
    """Return the agencies where somebody waits, in the board's order."""
    return [agency for agency in waiting if agency.waiting > 0]


def closed_agencies(board: Board) -> list[AgencyWaiting]:
    """Return the agencies that give no numbers; none where the stage says it of all.

    It does where all share the reason and its end: else "until 13.00" would be told
    of one that opens tomorrow.
    """
    closed = [agency for agency in board.waiting if not agency.open]
    return [] if all(_is_told_by_stage(board, agency) for agency in closed) else closed


def _is_told_by_stage(board: Board, agency: AgencyWaiting) -> bool:
    stage = (board.open, board.reason, board.until, board.reception_only)
    return stage == (False, agency.reason, agency.until, agency.reception_only)
