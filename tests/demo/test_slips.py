"""The demo's paper: what the emulated printers received, and their faults."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest

from app.demo.slips import FAULT_NAMES
from printer.emulator.faults import Faults
from tests.support.demo import DemoServer

AGENCY = "BKS"
PAPER = "/demo/printers"
PNG = b"\x89PNG\r\n\x1a\n"
PATIENCE_SECONDS = 20

Seen = TypeVar("Seen")


@pytest.fixture
def printer(newcomer: httpx2.Client) -> Iterator[str]:
    """Return the path of the first kiosk's printer, which is mended afterwards."""
    path = f"{PAPER}/1"
    yield path
    for fault in FAULT_NAMES:
        newcomer.post(f"{path}/faults", data={"fault": fault, "on": "false"})


def test_a_slip_shows_what_was_printed(
    demo: DemoServer, newcomer: httpx2.Client
) -> None:
    ticket = demo.issue(demo.service_id(AGENCY))

    page = _page_with_slip(newcomer, ticket["number"])

    newest = page.partition('data-slip="')[2].partition("</li>")[0]
    assert f'<p class="slip__number">{ticket["number"]}</p>' in newest
    assert f'href="{ticket["url"]}"' in newest
    picture = re.search(r'<img src="([^"]+)"', newest)
    assert picture
    drawn = newcomer.get(picture[1])
    assert drawn.headers["content-type"] == "image/png"
    assert drawn.headers["cache-control"] == "no-store"
    assert drawn.content.startswith(PNG)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("paper", "paper-end"),
        ("cover", "cover-open"),
        ("offline", "offline"),
        pytest.param("silent", "no-answer", marks=pytest.mark.slow),
    ],
)
def test_a_broken_printer_fails_and_is_mended(
    demo: DemoServer, newcomer: httpx2.Client, printer: str, fault: str, reason: str
) -> None:
    answer = newcomer.post(f"{printer}/faults", data={"fault": fault, "on": "true"})

    assert answer.status_code == 303
    assert 'aria-pressed="true"' in newcomer.get(PAPER).text
    job = _until_ended(demo, demo.issue(demo.service_id(AGENCY)))
    assert (job["state"], job["reason"]) == ("failed", reason)

    newcomer.post(f"{printer}/faults", data={"fault": fault, "on": "false"})

    assert 'aria-pressed="true"' not in newcomer.get(PAPER).text
    job = _until_ended(demo, demo.issue(demo.service_id(AGENCY)))
    assert job["state"] == "printed"


@pytest.mark.slow
def test_a_slow_printer_prints_in_the_end(
    demo: DemoServer, newcomer: httpx2.Client, printer: str
) -> None:
    newcomer.post(f"{printer}/faults", data={"fault": "slow", "on": "true"})

    ticket = demo.issue(demo.service_id(AGENCY))

    assert ticket["print_job"]["state"] == "queued"
    job = _until_ended(demo, ticket)
    assert job["state"] == "printed"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{PAPER}/999/1.png", 404),
        (f"{PAPER}/1/999999.png", 404),
        (f"{PAPER}/1/0.png", 422),
        (f"{PAPER}/x/1.png", 422),
    ],
)
def test_no_slip_no_picture(newcomer: httpx2.Client, path: str, status: int) -> None:
    assert newcomer.get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        (f"{PAPER}/999/faults", {"fault": "paper", "on": "true"}, 404),
        (f"{PAPER}/1/faults", {"fault": "fire", "on": "true"}, 422),
        (f"{PAPER}/1/faults", {"fault": "paper", "on": "perhaps"}, 422),
        (f"{PAPER}/1/faults", {}, 422),
    ],
)
def test_an_unknown_fault_breaks_nothing(
    newcomer: httpx2.Client, path: str, form: dict[str, str], status: int
) -> None:
    assert newcomer.post(path, data=form).status_code == status
    assert 'aria-pressed="true"' not in newcomer.get(PAPER).text


def test_another_sites_page_breaks_no_printer(newcomer: httpx2.Client) -> None:
    newcomer.post("/demo/become", data={"kind": "kiosk"})
    sent = {"Origin": "http://elsewhere.example"}

    answer = newcomer.post(
        f"{PAPER}/1/faults", data={"fault": "paper", "on": "true"}, headers=sent
    )

    assert answer.status_code == 403
    assert 'aria-pressed="true"' not in newcomer.get(PAPER).text


@pytest.mark.slow
def test_with_a_real_printer_the_page_says_where_it_is(tmp_path: Path) -> None:
    server = DemoServer(tmp_path, "--printer", "tcp://127.0.0.1:9")
    server.start()
    try:
        page = httpx2.get(f"{server.url}{PAPER}?lang=en", timeout=20)
    finally:
        server.stop()

    assert page.status_code == 200
    assert "The demo prints on a real printer: tcp://127.0.0.1:9." in page.text


def test_every_fault_is_one_that_the_emulator_has() -> None:
    from app.demo.slips import set_fault
    from printer.emulator import PrinterEmulator

    emulator = PrinterEmulator()
    for name in FAULT_NAMES:
        set_fault(emulator, name, on=True)
        assert emulator.faults != Faults(), name
        set_fault(emulator, name, on=False)
        assert emulator.faults == Faults(), name


def _page_with_slip(newcomer: httpx2.Client, number: str) -> str:
    """Return the page of slips once it shows a number."""
    for page in _again(lambda: newcomer.get(PAPER).text):
        if number in page:
            return page
    raise AssertionError(f"No slip {number} came out.")


def _until_ended(demo: DemoServer, ticket: dict[str, Any]) -> dict[str, Any]:
    """Return the ticket's print job once it has ended."""
    path = f"/api/v1/tickets/by-id/{ticket['id']}"
    admin = demo.staff("admin")
    for ticket in _again(lambda: admin.get(path).json()):
        job: dict[str, Any] = ticket["print_job"]
        if job["state"] not in ("queued", "sending"):
            return job
    raise AssertionError(f"The slip of {ticket['number']} is still under way.")


def _again(look: Callable[[], Seen]) -> Iterator[Seen]:
    """Look again and again until patience ends."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        yield look()
        time.sleep(0.05)
