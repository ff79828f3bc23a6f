"""The voice of a display: chime, then the spoken call, one after the other."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.displays.boards import Hall, plain
from tests.browser.displays.looks import faults
from tests.browser.displays.voice.voices import Voice
from tests.browser.waiting import wait_until
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

HALL = Hall(plain, is_long=False)
ONE_CALL = ["chime playing", "chime ended", "voice playing", "voice ended"]
NOT_THIS = 2


@pytest.fixture
def page(browser: Browser, demo: DemoServer) -> Iterator[Page]:
    page = browser.new_page(base_url=demo.url, viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(15_000)
    yield page
    page.close()


@pytest.fixture
def voice(page: Page) -> Voice:
    voice = Voice(page)
    voice.screen.show(HALL, HALL.board())
    return voice


def wait_for_sounds(page: Page, sound: str, count: int = 1) -> None:
    page.wait_for_function(
        "([sound, count]) => sounded.filter((each) => each === sound).length >= count",
        arg=[sound, count],
    )


def test_each_call_is_chimed_and_spoken_and_none_over_another(
    page: Page, voice: Voice
) -> None:
    voice.announce(voice.board(HALL.board("A-012", "A-013")), 1, 2)

    wait_for_sounds(page, "voice ended", 2)
    wait_until(page, lambda: len(voice.reported("spoken")) == 4)

    assert voice.sounds() == ONE_CALL * 2
    assert voice.requests == [f"/announcements/{n}/audio" for n in (1, 2)]
    reports = [(each["announcement_id"], each["to"] is None)
            for each in voice.reported("spoken")]  # fmt: skip
    assert reports == [(1, True), (1, False), (2, True), (2, False)]
    ended = voice.reported("spoken")[1]
    assert ended["from"] < ended["to"]


def test_every_call_that_is_painted_is_reported_once(page: Page, voice: Voice) -> None:
    numbers = [f"A-{n:03}" for n in range(1, 6)]
    voice.announce(voice.board(HALL.board(*numbers)), 1)

    wait_until(page, lambda: len(voice.reported("shown")) >= 5)
    wait_for_sounds(page, "voice ended")

    assert sorted(each["call_id"] for each in voice.reported("shown")) == [*range(1, 6)]
    assert all(each["at"] >= "2026-11-24T01:15" for each in voice.reported("shown"))


def test_the_call_is_marked_and_its_words_stand_there_while_it_is_spoken(
    page: Page, voice: Voice
) -> None:
    board = HALL.board("A-012", "A-013", "A-014")
    caption = page.locator("[data-caption=roomy]")

    # by another display of the sound space
    voice.announce(voice.board(board, speaker=NOT_THIS, spoken=2))
    expect(page.locator(".tile[data-speaking] .tile__number")).to_have_text("A-013")
    expect(caption).to_have_text("Nomor antrean 2, silakan menuju Loket 2.")
    expect(page.locator("[data-announcement]")).to_contain_text("Loket 2")
    voice.announce(voice.board(board, speaker=NOT_THIS, spoken=3))
    expect(page.locator(".row-call[data-speaking]")).to_contain_text("A-014")
    voice.screen.settle()
    assert faults(page) == []

    voice.announce(voice.board(board, speaker=NOT_THIS))
    expect(page.locator("[data-speaking]")).to_have_count(0)
    expect(caption).to_be_hidden()


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
@pytest.mark.parametrize("calls", [3, 14])
def test_the_caption_covers_no_call(
    page: Page, voice: Voice, calls: int, size: tuple[int, int]
) -> None:
    voice.screen.resize(*size)
    board = HALL.board(*(f"MW-1{n:03}" for n in range(calls)))
    voice.announce(voice.board(board, speaker=NOT_THIS, spoken=1))

    place = "dense" if calls == 14 else "roomy"
    expect(page.locator(f"[data-caption={place}]")).to_be_visible()
    voice.screen.settle()

    assert faults(page) == []


def test_a_display_that_is_not_the_speaking_one_is_silent(
    page: Page, voice: Voice
) -> None:
    board = HALL.board("A-012")
    voice.announce(voice.board(board, speaker=NOT_THIS), 1)
    expect(page.locator(".tile__number")).to_have_text("A-012")

    # once it is the stand-by's turn, what was left is spoken first
    voice.announce(voice.board(HALL.board("A-012", "A-013")), 2)
    wait_for_sounds(page, "voice ended", 2)

    assert voice.requests == ["/announcements/1/audio", "/announcements/2/audio"]
    assert voice.sounds() == ONE_CALL * 2


@pytest.mark.parametrize(("answer", "requests"), [("nothing", 2), ("refusal", 4)])
def test_what_cannot_be_fetched_is_chimed_and_never_reported_as_spoken(
    page: Page, voice: Voice, answer: str, requests: int
) -> None:
    voice.answer = answer
    board = voice.board(HALL.board("A-012", "A-013"))
    voice.announce(board, 1)
    wait_for_sounds(page, "chime ended")

    # the next one comes in its turn
    voice.announce(board, 2)
    wait_for_sounds(page, "chime ended", 2)
    # refused, each is asked for once more, as WAV
    wait_until(page, lambda: len(voice.requests) == requests)
    voice.answer = "sound"
    voice.announce(voice.board(HALL.board("A-012", "A-013", "A-014")), 3)
    wait_for_sounds(page, "voice ended")
    wait_until(page, lambda: len(voice.reported("spoken")) == 2)

    assert {each["announcement_id"] for each in voice.reported("spoken")} == {3}


def test_a_browser_that_cannot_play_opus_is_given_wav(page: Page, voice: Voice) -> None:
    voice.answer = "wav"
    voice.announce(voice.board(HALL.board("A-012")), 1)

    wait_for_sounds(page, "voice ended")

    assert voice.requests == [
        "/announcements/1/audio",
        "/announcements/1/audio?format=wav",
    ]


def test_a_call_that_is_over_by_its_turn_is_not_spoken(
    page: Page, voice: Voice
) -> None:
    voice.announce(voice.board(HALL.board("A-012", "A-013", "A-014")), 1, 2, 3)
    wait_for_sounds(page, "chime playing")
    # the second was taken back while the first is announced
    board = HALL.board("A-012", "A-013", "A-014")
    calls = [call for call in board.calls if call.id != 2]
    voice.announce(voice.board(board.model_copy(update={"calls": calls})))

    wait_for_sounds(page, "voice ended", 2)

    assert voice.requests == ["/announcements/1/audio", "/announcements/3/audio"]


def test_in_a_quiet_time_it_is_silent_and_says_that_it_is(
    page: Page, voice: Voice
) -> None:
    board = HALL.board("A-012")
    voice.announce(voice.board(board, quiet_until="2026-11-24T01:30:00Z"), 1)
    expect(page.locator(".tile__number")).to_have_text("A-012")
    voice.screen.settle()
    assert voice.sounds() == []

    voice.announce(voice.board(board))
    wait_for_sounds(page, "voice ended")

    assert voice.requests == ["/announcements/1/audio"]


def test_it_says_that_it_may_make_sound(page: Page, voice: Voice) -> None:
    voice.announce(voice.board(HALL.board("A-012")), 1)

    wait_until(page, lambda: any(body.get("sound") for body in voice.reports))
    wait_for_sounds(page, "voice ended")

    assert [body["sound"] for body in voice.reports if "sound" in body] == [True]
