"""What a display says while no numbers are given: nothing that the kiosk denies."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.displays.hall import HALL_SCREEN, NO_OVERFLOW, Hall, settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SIZES = [HALL_SCREEN, {"width": 1366, "height": 768}, {"width": 1080, "height": 1920}]


@contextmanager
def closed(hall: Hall, agency_ids: list[int]) -> Iterator[None]:
    """Close agencies by hand for the length of the block."""
    admin = hall.server.staff("admin")
    for agency_id in agency_ids:
        admin.post(f"/api/v1/agencies/{agency_id}/close", json={}).raise_for_status()
    try:
        yield
    finally:
        for agency_id in agency_ids:
            admin.post(f"/api/v1/agencies/{agency_id}/reopen").raise_for_status()


def agencies_on(hall: Hall, which: int) -> list[int]:
    """Return the agencies of which a display tells."""
    board = hall.server.board(hall.server.display_ids[which])
    return [agency["agency_id"] for agency in board["waiting"]]


def test_a_display_whose_agencies_all_close_invites_nobody(
    hall: Hall, browser: Browser
) -> None:
    hall.all_free()
    with hall.display(browser, which=2) as page:
        idle = page.locator(".stage__idle")
        expect(idle).to_contain_text("Silakan ambil nomor antrean di kios")

        with closed(hall, agencies_on(hall, 2)):
            expect(idle).to_contain_text("Tutup sementara")
            expect(idle).not_to_contain_text("kios")
            for size in SIZES:
                page.set_viewport_size(size)  # type: ignore[arg-type]
                assert page.evaluate(NO_OVERFLOW) == []

        expect(idle).to_contain_text("Silakan ambil nomor antrean di kios")


def test_a_call_does_not_hide_why_no_numbers_are_given(
    hall: Hall, browser: Browser
) -> None:
    hall.all_free()
    counter_id = 1
    hall.call(counter_id)
    hall.server.command(counter_id, "return")
    with hall.display(browser, which=0) as page:
        lines = page.locator("#lines"), page.locator("[data-list=lines]")
        with closed(hall, agencies_on(hall, 0)):
            expect(page.locator(".stage__idle")).to_contain_text("Tutup sementara")
            expect(lines[1]).not_to_contain_text("Semua instansi")

            # given before the closing
            hall.server.call_next(counter_id)

            expect(page.locator(".tile")).to_have_count(1)
            expect(lines[1]).to_contain_text("Semua instansi")
            expect(lines[1]).to_contain_text("Tutup sementara")
            expect(lines[0]).to_contain_text("Sedang tidak memberi nomor")
            page.reload()  # the tile swells no more
            expect(page.locator(".tile")).to_have_count(1)
            for size in SIZES:
                page.set_viewport_size(size)  # type: ignore[arg-type]
                settle(page)
                assert page.evaluate(NO_OVERFLOW) == []

        expect(lines[1]).not_to_contain_text("Semua instansi")
    hall.all_free()


def test_a_display_names_the_agency_that_closed_alone(
    hall: Hall, browser: Browser
) -> None:
    with hall.display(browser, which=2) as page:
        with closed(hall, agencies_on(hall, 2)[:1]):
            line = page.locator(".line[data-state=closed]")
            expect(line).to_contain_text("Tutup sementara")
            expect(page.locator("#lines")).to_contain_text("Sedang tidak memberi nomor")
            expect(page.locator(".stage__idle")).to_contain_text("Silakan ambil nomor")

        expect(line).to_have_count(0)


LINES = """async ([board, words, stageReason]) => {
  const { linesOf } = await import("/static/displays/stage.js");
  const { closed } = linesOf(board, new Map(words), stageReason);
  return closed.map((line) => [line.id, line.closed]);
}"""


def test_agencies_that_open_at_another_time_than_the_first_are_named(
    page: Page,
) -> None:
    page.goto("/help")
    sooner, later = "2026-11-24T06:00:00Z", "2026-11-25T01:00:00Z"
    closed = {"open": False, "reason": "break", "reception_only": False, "waiting": 0}
    agencies = [
        {"agency_id": number, **closed, "until": until}
        for number, until in ((1, sooner), (2, later))
    ]
    words = [[1, "Istirahat sampai 13.00"], [2, "Istirahat. Dibuka lagi besok"]]

    apart = {**closed, "until": sooner, "waiting": agencies}
    alike = {**apart, "waiting": agencies[:1]}

    assert page.evaluate(LINES, [apart, words]) == words[1:]
    assert page.evaluate(LINES, [alike, words]) == []


def test_a_reason_older_than_the_board_is_not_told_of_the_open_mall(
    page: Page,
) -> None:
    page.goto("/help")
    reason = {"agency_short": "Semua instansi", "closed": "Mal tutup"}
    board = {"open": False, "reason": "last-ticket", "until": None, "waiting": []}

    assert page.evaluate(LINES, [board, [], reason]) == [[0, "Mal tutup"]]
    assert page.evaluate(LINES, [{**board, "open": True}, [], reason]) == []
