"""Invented boards, the longest names among them, as whole pages of a display.

The page is made as the server makes it, and handed to a browser in its stead: one
server and one browser show every state of a hall, break and closing time among them.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from app.importing.spec import MAX_NAME_CHARACTERS
from app.queueing.views.board import AgencyWaiting, Board, CallView
from app.web.i18n import Language
from app.web.pages import SiteInfo, render
from app.web.preferences import Preferences
from displays import views
from tests.browser.displays.hall import settle, snapshot

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)
DISPLAY = 1
PATIENCE_SECONDS = 300
"""No line brings more than one board: on a busy machine none is stale for that."""
SHORT_NAME_CHARACTERS = 30


def cut(text: str, length: int = MAX_NAME_CHARACTERS) -> str:
    """Return a text of so many characters, of which the last is no blank."""
    repeated = (text + " ") * (length // len(text) + 1)
    return repeated[: length - 1] + repeated[length - 1].replace(" ", "-")


def at_the_end(n: int) -> str:
    """Return the longest name of a counter that differs from others at its end."""
    tail = f"nomor {n}"
    start = cut(
        "Loket Pelayanan Terpadu Administrasi Kependudukan", 120 - len(tail) - 1
    )
    return f"{start} {tail}"


def in_the_middle(n: int) -> str:
    """Return the longest name of a counter that differs from others in its middle."""
    half = (MAX_NAME_CHARACTERS - 4) // 2
    left, right = (
        cut("Loket Pelayanan Terpadu Satu Pintu", half),
        cut("Lantai Dasar", half),
    )
    return f"{left} {n:02} {right}"


def without_blanks(n: int) -> str:
    """Return the longest name that is one word, and differs in its middle."""
    left, right = "Administrasikependudukan" * 3, "Pencatatansipilkotajambi" * 3
    return f"{left[:58]}{n:04}{right[:58]}"


def plain(n: int) -> str:
    """Return a name as most malls have it."""
    return f"Loket {n}"


class Hall:
    """How the names of a mall are made, and how many zones a display shows."""

    def __init__(
        self, counter: Callable[[int], str], *, is_long: bool = True, zones: int = 4
    ) -> None:
        self.counter = counter
        self.is_long = is_long
        self.zones = zones

    @property
    def site(self) -> str:
        """Return the site's name."""
        return (
            cut("Mal Pelayanan Publik Kota Jambi") if self.is_long else "MPP Kota Jambi"
        )

    def zone(self, n: int) -> str:
        """Return a zone's name; the longest differ in their last word."""
        letter = "ABCD"[n % 4]
        if not self.is_long:
            return f"Zona {letter} \N{EN DASH} Lantai {n % 2 + 1}"
        return f"{cut('Zona Pelayanan Gedung Utama Lantai Dua', 118)} {letter}"

    def agency(self, n: int) -> str:
        """Return an agency's name; the longest differ in their last word."""
        if not self.is_long:
            return "Badan Pengelola Pajak dan Retribusi Daerah (BPPRD) Kota Jambi"
        return f"{cut('Dinas Kependudukan dan Pencatatan Sipil', 117)} {n:02}"

    def short_name(self, n: int) -> str:
        """Return an agency's short name; the longest are capitals."""
        return (
            f"DPMPTSP PROVINSI JAMBI UNIT {n:02}"
            if self.is_long
            else "BPJS Ketenagakerjaan"
        )

    def call(self, n: int, number: str) -> CallView:
        """Return one call, the higher its ``n`` the older."""
        at = NOW - timedelta(seconds=n)
        return CallView(
            id=n,
            number=number,
            counter=self.counter(n),
            counter_id=n,
            place=self.counter(n),
            agency=self.agency(n),
            agency_short=self.short_name(n),
            zone=self.zone(n),
            called_at=at,
            last_called_at=at,
            count=1,
        )

    def agency_line(self, n: int, **more: Any) -> AgencyWaiting:
        """Return what is said of one agency below."""
        fields: dict[str, Any] = {
            "agency_id": n,
            "agency": self.agency(n),
            "agency_short": self.short_name(n),
            "waiting": 128,
            "open": True,
            "reason": None,
            "until": None,
            "reception_only": False,
        }
        return AgencyWaiting(**fields | more)

    def board(
        self, *numbers: str, recent: int = 0, agencies: int = 31, **more: Any
    ) -> Board:
        """Return a board that calls these numbers, newest first."""
        calls = [self.call(n, number) for n, number in enumerate(numbers, 1)]
        earlier = [self.call(100 + n, f"MW-10{n:02}") for n in range(recent)]
        fields: dict[str, Any] = {
            "revision": 1,
            "now": NOW,
            "fresh_until": NOW + timedelta(hours=1),
            "open": True,
            "reason": None,
            "until": None,
            "serving_from": None,
            "reception_only": False,
            "calls": calls,
            "recent": earlier,
            "waiting": [self.agency_line(n) for n in range(1, agencies + 1)],
            "sound_spaces": [],
            "notice": None,
            "stale_after_seconds": PATIENCE_SECONDS,
        }
        return Board(**fields | more)

    def closed_board(
        self, reason: str, until: datetime, numbers: Sequence[str] = ()
    ) -> Board:
        """Return a board of agencies that all give no numbers for one reason."""
        closed: dict[str, Any] = {"open": False, "reason": reason, "until": until}
        waiting = [self.agency_line(n, **closed) for n in range(1, 32)]
        return self.board(*numbers, waiting=waiting, **closed)

    def half_closed_board(self) -> Board:
        """Return a board with nobody waiting and half of the agencies closed."""
        until = NOW + timedelta(days=9)
        quota = {"open": False, "reason": "quota", "until": until}
        waiting = [
            self.agency_line(n, waiting=0, **(quota if n % 2 else {}))
            for n in range(1, 11)
        ]
        return self.board(waiting=waiting)

    def page(
        self,
        board: Board,
        *,
        language: Language = "id",
        theme: str = "dark",
        contrast: str = "normal",
        is_sample: bool = False,
        stale_after_seconds: int = PATIENCE_SECONDS,
        look: views.Look | None = None,
    ) -> str:
        """Return the page that a display of this board gets."""
        counters = range(1, 49)
        names = {
            "place": [self.counter(n) for n in counters],
            "zone": [self.zone(n) for n in range(self.zones)],
            "agency": [],
            "agency_short": [],
        }
        return render(
            "displays/board.html",
            language,
            ZONE,
            site_info=SiteInfo(self.site, ZONE, is_sample, stale_after_seconds),
            preferences=Preferences(lang=language, theme=theme, contrast=contrast),
            sample_label=False,
            is_sample=is_sample,
            layout=views.LAYOUT,
            screen=views.screen_of(
                board,
                display_id=DISPLAY,
                name="Layar Aula",
                zone_count=self.zones,
                names=names,
                look=look,
            ),
        )


def numbers(count: int) -> list[str]:
    """Return wide numbers, none of them twice."""
    return [f"MW-1{n:03}" for n in range(count)]


class Screen:
    """A browser's page that shows one invented board after the other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.looks: dict[str, Any] = {}
        self._html = ""
        self._messages: list[str] = []
        self._line: WebSocketRoute | None = None
        page.route("**/display", self._answer)
        page.route_web_socket("**/api/v1/live**", self._send)

    def show(
        self, hall: Hall, board: Board, *, is_silent: bool = False, **looks: Any
    ) -> None:
        """Show a board; its clock stands still. A silent line brings nothing at all."""
        self._html = hall.page(board, **self.looks | looks)
        self._messages = [] if is_silent else [message_of(board)]
        self.page.goto("/display")
        if not is_silent:
            expect(self.page.locator("[data-notice=starting]")).to_be_hidden()
        self.page.wait_for_function("document.fonts.status === 'loaded'")
        self.settle()

    def bring(self, board: Board) -> None:
        """Bring a later board to the page that is shown."""
        assert self._line is not None
        self._messages = [message_of(board)]
        self._line.send(self._messages[0])

    def send(self, message: str) -> None:
        """Send what a server would on the line that is open."""
        assert self._line is not None
        self._line.send(message)

    def cut_off(self, hall: Hall, board: Board) -> None:
        """Show a board that is out of date, of a sample."""
        self.show(hall, board, is_silent=True, is_sample=True, stale_after_seconds=0)
        expect(self.page.locator("[data-notice=stale]")).to_be_visible()
        self.settle()

    def fall_silent(self) -> None:
        """Bring no further word, to a new line neither."""
        self._messages = []

    def mute(self) -> None:
        """Let the page say that its sound is off."""
        self.page.locator("[data-notice=silent]").evaluate(
            "(e) => { e.hidden = false; }"
        )
        self.settle()

    def resize(self, width: int, height: int) -> None:
        """Be a screen of another size."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.settle()

    def settle(self) -> None:
        """Wait until the page has painted once more: it does four times a second."""
        settle(self.page)

    def _answer(self, route: Route) -> None:
        route.fulfill(body=self._html, content_type="text/html; charset=utf-8")

    def _send(self, line: WebSocketRoute) -> None:
        self._line = line
        for message in self._messages:
            line.send(message)


def message_of(board: Board) -> str:
    """Return the message that brings a board."""
    return snapshot(board.model_dump(mode="json"))
