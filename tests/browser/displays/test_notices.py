"""An evacuation and a quiet time, as the whole hall reads them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.queueing.hall.evacuation import INSTRUCTION
from tests.browser.displays.boards import Hall, plain
from tests.browser.displays.looks import faults, font_sizes, unit
from tests.browser.displays.voice.voices import Voice
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

HALL = Hall(plain, is_long=False)
SIZES = [(1920, 1080), (1080, 1920), (1366, 768)]
TITLE = 134
"""px of 1080 for the title, upright too: read from 5 m by the 0.7 degree rule
(legibility.md#text-from-far), and from 10 m at 16 minutes of arc."""


@pytest.fixture
def page(browser: Browser, demo: DemoServer) -> Iterator[Page]:
    page = browser.new_page(base_url=demo.url, viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(15_000)
    yield page
    page.close()


@pytest.fixture
def voice(page: Page) -> Voice:
    voice = Voice(page)
    voice.screen.show(HALL, HALL.board("A-012"))
    return voice


def evacuated(voice: Voice, text: str) -> dict[str, Any]:
    notice = {"kind": "evacuation", "text": text}
    return voice.board(HALL.board("A-012")) | {"notice": notice}


@pytest.mark.parametrize("size", SIZES)
def test_an_evacuation_has_the_whole_screen_in_both_languages(
    page: Page, voice: Voice, size: tuple[int, int]
) -> None:
    voice.announce(evacuated(voice, INSTRUCTION))
    voice.screen.resize(*size)

    titles = page.locator(".evacuation__title")
    expect(titles).to_have_text(["Evakuasi", "Evacuation"])
    texts = page.locator(".evacuation__text")
    expect(texts.first).to_have_text(
        re.compile("^Segera tinggalkan gedung .*petugas.$")
    )
    expect(page.locator(".tile")).to_be_hidden()
    voice.screen.settle()
    assert faults(page) == []
    assert min(font_sizes(page, ".evacuation__title")) >= TITLE * unit(*size)


def test_the_mall_s_own_words_are_there_and_the_calls_come_back(
    page: Page, voice: Voice
) -> None:
    words = "Api di lantai dua. Keluar lewat pintu utara, berkumpul di lapangan."
    voice.announce(evacuated(voice, words))
    texts = page.locator(".evacuation__text")
    expect(texts.first).to_have_text(words)
    expect(texts.last).to_contain_text("Leave the building now")
    voice.screen.settle()
    assert faults(page) == []

    voice.announce(voice.board(HALL.board("A-012")))
    expect(texts.first).to_be_hidden()
    expect(page.locator(".tile__number")).to_be_visible()
    voice.screen.settle()
    assert faults(page) == []


@pytest.mark.parametrize("looks", ["theme=light", "contrast=high"])
def test_axe_finds_nothing_in_an_evacuation(
    page: Page, voice: Voice, looks: str
) -> None:
    name, value = looks.split("=")
    chosen: dict[str, Any] = {name: value}
    voice.screen.show(HALL, HALL.board("A-012"), **chosen)
    voice.announce(evacuated(voice, ""))
    expect(page.locator(".evacuation")).to_be_visible()

    report = Axe().run(page)

    assert report.violations_count == 0, report.generate_report()


def test_a_quiet_time_is_told_in_the_foot_until_it_is_over(
    page: Page, voice: Voice
) -> None:
    sign = page.locator("[data-notice=quiet]")
    until = "2026-11-24T01:15:04Z"

    voice.announce(voice.board(HALL.board("A-012"), quiet_until=until))

    expect(sign).to_have_text("Sementara tanpa suara \N{EN DASH} lihat layar")
    voice.screen.settle()
    assert faults(page) == []
    # by the server's clock, without a word of it
    expect(sign).to_be_hidden()
