"""What the first paint of a display needs beyond its board."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import Connection, bindparam, select

from app.models.states import DisplayLayout
from app.queueing import rows
from app.queueing.hall.evacuation import INSTRUCTION
from app.queueing.hall.reading_distance import large_calls
from app.queueing.views.board import AgencyWaiting, Board, CallView, board, zones_of
from app.web.i18n import LANGUAGES, N_, translator


class Layout(BaseModel):
    """How much stands on a display at once, and for how long."""

    large: int = 2
    """Calls shown large: with two, a 55-inch screen still reads at 10 m."""
    rows: int = 4
    """Calls beside them on one page."""
    dense_large: int = 1
    """Calls shown large where there are many."""
    dense_rows: int = 12
    """Calls beneath it on one page."""
    dense_from: int = 10
    """With more calls than that there are many: beside the large ones, four to a page,
    the last of them would be hidden for too long."""
    dense_until: int = 8
    """With no more than that they are few again."""
    lines: int = 4
    """Agencies with people waiting on one page."""
    closed_lines: int = 2
    """Agencies that give no numbers on one page: each needs the whole width."""
    large_seconds: int = 10
    """A call stays large at least so long (legibility.md#a-call-on-the-display)."""
    page_seconds: int = 8
    """How long a page of agencies, and at most of calls, is left to be read."""
    history_seconds: int = 600
    """How long a number stands on a text screen after its last call."""
    hidden_seconds: int = 10
    """No call is out of sight longer (legibility.md#a-call-on-the-display)."""


LAYOUT = Layout()

_EVACUATION = (
    N_("Evacuation"),
    N_("Leave the building now by the nearest exit. Follow the staff."),
)


class Look(BaseModel):
    """How one display is laid out: as whoever wrote the import file wants it."""

    layout: DisplayLayout = DisplayLayout.ZONE
    counter_id: int | None = None
    counter: str | None = None
    """The name of the one counter that it shows."""
    large: int = LAYOUT.large
    """Calls shown large, for the screen's inches and its distance."""


Names = dict[str, list[str]]
"""Field of a call → the names from which a shortened one must differ."""

_COUNTERS = (
    select(rows.counter.c.name)
    .where(rows.counter.c.is_retired.is_(False))
    .order_by(rows.counter.c.name)
)
_ZONES = (
    select(rows.zone.c.name)
    .where(rows.zone.c.is_retired.is_(False))
    .order_by(rows.zone.c.name)
)
_AGENCIES = (
    select(rows.agency.c.name, rows.agency.c.short_name)
    .where(rows.agency.c.is_retired.is_(False))
    .order_by(rows.agency.c.name)
)
_DISPLAY = (
    select(
        rows.device.c.name,
        rows.device.c.layout,
        rows.device.c.counter_id,
        rows.device.c.screen_inches,
        rows.device.c.viewing_metres,
        rows.counter.c.name.label("counter"),
    )
    .select_from(
        rows.device.outerjoin(
            rows.counter, rows.counter.c.id == rows.device.c.counter_id
        )
    )
    .where(rows.device.c.id == bindparam("display_id"))
)


class ScreenView(BaseModel):
    """A display, its board, and where each call stands before any script runs."""

    display_id: int
    name: str
    zone_count: int
    look: Look
    board: Board
    large: list[CallView]
    beside: list[CallView]
    still_called: list[int]
    lines: list[AgencyWaiting]
    closed: list[AgencyWaiting]
    names: Names

    @property
    def instruction(self) -> str:
        """Return the server's own words of an evacuation: the page has its own too."""
        return INSTRUCTION

    @property
    def evacuation(self) -> list[tuple[str, str, str]]:
        """Return what an evacuation says: language, title, what to do; in all of them.

        Whoever must leave the building is not asked which of them they read.
        """
        title, text = _EVACUATION
        return [
            (
                language,
                translator(language).gettext(title),
                translator(language).gettext(text),
            )
            for language in LANGUAGES
        ]

    @property
    def is_reason_below(self) -> bool:
        """Tell whether the stage's own reason stands below: a call hides it there."""
        return bool(self.large) and not self.board.open

    @property
    def is_reason_first(self) -> bool:
        """Tell whether it stands there at first: where nobody waits."""
        return self.is_reason_below and not self.lines

    @property
    def first_closed(self) -> list[AgencyWaiting]:
        """Return the closed agencies that stand below first: where nobody waits."""
        room = LAYOUT.closed_lines - self.is_reason_below
        return [] if self.lines else self.closed[:room]


def screen(
    db: Connection, display_id: int, *, now: datetime, stale_after_seconds: int
) -> ScreenView:
    """Return what a display shows first; ``NotFound`` when there is none such."""
    zones = zones_of(db, display_id)
    display = db.execute(_DISPLAY, {"display_id": display_id}).one()
    return screen_of(
        board(db, display_id, now=now, stale_after_seconds=stale_after_seconds),
        display_id=display_id,
        name=display.name,
        look=Look(
            layout=display.layout or DisplayLayout.ZONE,
            counter_id=display.counter_id,
            counter=display.counter,
            large=large_calls(display.screen_inches, display.viewing_metres),
        ),
        zone_count=len(zones),
        names=names_of_mall(db),
    )


def screen_of(
    board: Board,
    *,
    display_id: int,
    name: str,
    zone_count: int,
    names: Names,
    look: Look | None = None,
) -> ScreenView:
    """Return where on a display each call of a board stands at first."""
    look = look or Look()
    calls, recent = _calls_on(board, look)
    large = 0 if look.layout == DisplayLayout.TEXT else look.large
    return ScreenView(
        display_id=display_id,
        name=name,
        zone_count=zone_count,
        look=look,
        board=board,
        large=calls[:large],
        beside=[*calls[large:], *recent][: LAYOUT.rows],
        still_called=[call.id for call in board.calls],
        lines=with_people(board.waiting)[: LAYOUT.lines],
        closed=closed_agencies(board),
        names=names,
    )


def _calls_on(board: Board, look: Look) -> tuple[list[CallView], list[CallView]]:
    if look.layout != DisplayLayout.COUNTER:
        return board.calls, board.recent
    calls, recent = (
        [call for call in calls if call.counter_id == look.counter_id]
        for calls in (board.calls, board.recent)
    )
    return calls, recent


def names_of_mall(db: Connection) -> Names:
    """Return every name of the mall that a display may have to shorten.

    Also of zones that it does not show: whoever reads it stands in the whole mall, and
    may have passed a counter of another zone that ends in the same words.
    """
    agencies = db.execute(_AGENCIES).all()
    return {
        "place": list(db.execute(_COUNTERS).scalars()),
        "zone": list(db.execute(_ZONES).scalars()),
        "agency": [row.name for row in agencies],
        "agency_short": [row.short_name for row in agencies],
    }


def with_people(waiting: Sequence[AgencyWaiting]) -> list[AgencyWaiting]:
    """Return the agencies where somebody waits, in the board's order."""
    return [agency for agency in waiting if agency.waiting > 0]


def closed_agencies(board: Board) -> list[AgencyWaiting]:
    """Return the agencies that give no numbers, but those of which the stage says it.

    It does where they share its reason and end: else "until 13.00" would be told of
    one that opens tomorrow.
    """
    closed = [agency for agency in board.waiting if not agency.open]
    return [agency for agency in closed if not _is_told_by_stage(board, agency)]


def _is_told_by_stage(board: Board, agency: AgencyWaiting) -> bool:
    stage = (board.open, board.reason, board.until, board.reception_only)
    return stage == (False, agency.reason, agency.until, agency.reception_only)
