"""`live.js` and `api.js` in a real browser against a real server."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright
from starlette.responses import JSONResponse, Response

from tests.web.scripted import ScriptedServer, heartbeat, serving, snapshot

pytestmark = pytest.mark.browser

ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]

LISTEN = """async () => {
  const { live } = await import("/static/web/live.js");
  Object.assign(window, { painted: [], announced: [], states: [], beats: 0 });
  window.line = live({
    topic: "display:3",
    onSnapshot: (data) => painted.push(data),
    onAnnouncements: (list) => announced.push(...list.map(({ id }) => id)),
    onState: ({ state, at }) => {
      beats += state === "live";
      if (states.at(-1)?.[0] !== state) states.push([state, at?.toISOString() ?? null]);
    },
  });
}"""

POST = """async ([path, body, options]) => {
  const { post } = await import("/static/web/api.js");
  try { return { value: await post(path, body, options) }; }
  catch (problem) { return { ...problem, name: problem.name }; }
}"""


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with serving(ScriptedServer()) as running:
        yield running


@pytest.fixture
async def page(server: ScriptedServer) -> AsyncIterator[Page]:
    """Return a page of the server, whose clock the test moves."""
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=ARGS
        )
        opened = await browser.new_page()
        await opened.clock.install()
        await opened.goto(server.url)
        yield opened
        await browser.close()


async def states(page: Page) -> list[str]:
    return [state for state, _ in await page.evaluate("states")]


async def until(page: Page, condition: str) -> None:
    # wait_for_function evaluates text inside the page, which the page's policy forbids.
    async with asyncio.timeout(10):
        while not await page.evaluate(condition):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_paints_each_snapshot_and_speaks_each_announcement_once(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()
    assert line.query_params["topic"] == "display:3"
    assert "after" not in line.query_params

    await line.send_json(snapshot(5, "five", 1, 2))
    await line.send_json(snapshot(6, "six", 2, 3))
    await until(page, "painted.length === 2")

    assert await page.evaluate("painted") == ["five", "six"]
    assert await page.evaluate("announced") == [1, 2, 3]
    assert await states(page) == ["connecting", "live"]


async def test_an_older_snapshot_is_not_painted_over_a_newer_one(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()

    await line.send_json(snapshot(6, "six"))
    await line.send_json(snapshot(5, "five"))
    await line.send_json(snapshot(6, "six again"))
    await until(page, "painted.length === 2")

    assert await page.evaluate("painted") == ["six", "six again"]


async def test_a_cut_line_is_opened_again_from_the_last_announcement(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()
    await line.send_json(snapshot(5, "five", 7))
    await until(page, "announced.length === 1")

    await line.close(1001)
    await page.clock.run_for(4000)
    line = await server.line()
    assert line.query_params["after"] == "7"
    await line.send_json(snapshot(8, "eight", 8))
    await until(page, "painted.length === 2")

    assert await page.evaluate("announced") == [7, 8]
    assert "stale" not in await states(page)


async def test_silence_is_reported_with_the_time_of_the_data_and_heals(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()
    await line.send_json(snapshot(5, "five"))
    await until(page, "painted.length === 1")

    await page.clock.run_for(5600)
    await until(page, "states.at(-1)[0] === 'stale'")
    assert await page.evaluate("states.at(-1)[1]") == "2026-11-24T01:15:00.000Z"

    await page.clock.run_for(3100)
    line = await server.line()
    await line.send_json(snapshot(5, "five"))
    await until(page, "states.at(-1)[0] === 'live'")


async def test_heartbeats_keep_the_page_live(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()
    await line.send_json(snapshot(5, "five"))
    await until(page, "painted.length === 1")

    for beat in range(5):
        await page.clock.run_for(2000)
        await line.send_json(heartbeat(6 + beat))
        await until(page, f"beats === {beat + 2}")

    assert await states(page) == ["connecting", "live"]


async def test_a_revoked_page_says_so_and_stays_away(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()
    await line.send_json(snapshot(5, "five"))
    await line.close(4401)
    await until(page, "states.at(-1)[0] === 'signed-out'")

    await page.clock.run_for(30_000)

    assert server.lines.empty()
    assert (await states(page))[-1] == "signed-out"


async def test_a_refused_page_is_told_from_a_dead_server(
    page: Page, server: ScriptedServer
) -> None:
    server.refusing = True
    await page.evaluate(LISTEN)
    await until(page, "states.at(-1)[0] === 'refused'")

    server.refusing = False
    await page.clock.run_for(3100)
    line = await server.line()
    await line.send_json(snapshot(5, "five"))
    await until(page, "states.at(-1)[0] === 'live'")


async def test_a_restored_backup_is_painted_although_its_revision_is_lower(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()
    await line.send_json(snapshot(50, "future", 9))
    await line.send_json(heartbeat(49))
    await line.send_json(heartbeat(50))
    await line.send_json(heartbeat(20))
    await line.send_json(heartbeat(20))
    await until(page, "painted.length === 1")

    await page.clock.run_for(3100)
    line = await server.line()
    assert "after" not in line.query_params
    await line.send_json(snapshot(20, "restored"))
    await until(page, "painted.at(-1) === 'restored'")


async def test_announcements_below_those_heard_of_are_of_a_restored_backup(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()
    await line.send_json(snapshot(5, "five", 9))
    await until(page, "announced.length === 1")
    await line.close(1001)
    await page.clock.run_for(3100)
    line = await server.line()
    assert line.query_params["after"] == "9"
    await line.send_json(snapshot(8, "restored", newest=2))

    await page.clock.run_for(3100)
    line = await server.line()
    assert "after" not in line.query_params
    await line.send_json(snapshot(8, "restored", 2))
    await until(page, "announced.length === 2")

    assert await page.evaluate("announced") == [9, 2]


async def test_a_topic_that_is_gone_is_reported_and_tried_again(
    page: Page, server: ScriptedServer
) -> None:
    await page.evaluate(LISTEN)
    line = await server.line()
    await line.send_json(snapshot(5, "five"))
    await line.close(4404)
    await until(page, "states.at(-1)[0] === 'refused'")

    await page.clock.run_for(3100)
    line = await server.line()
    await line.send_json(snapshot(6, "back"))
    await until(page, "states.at(-1)[0] === 'live'")


async def post(page: Page, path: str, body: Any, **options: Any) -> Any:
    return await page.evaluate(POST, [path, body, options])


async def test_a_post_carries_its_key_its_language_and_its_body(
    page: Page, server: ScriptedServer
) -> None:
    server.answer = JSONResponse({"number": "A-012"}, status_code=201)

    answer = await post(page, "/tickets", {"service_ids": [3]}, key="k1")

    path, headers, body = server.requests[0]
    assert answer == {"value": {"number": "A-012"}}
    assert path == "/api/v1/tickets"
    assert headers["idempotency-key"] == "k1"
    assert headers["accept-language"] == "id"
    assert json.loads(body) == {"service_ids": [3]}


async def test_nobody_waits_is_null(page: Page, server: ScriptedServer) -> None:
    server.answer = Response(status_code=204)

    assert await post(page, "/counters/7/call-next", {}, key="k1") == {"value": None}


async def test_a_refusal_carries_its_code_and_may_not_be_repeated_blindly(
    page: Page, server: ScriptedServer
) -> None:
    problem = {"code": "too-early", "detail": "Not yet.", "retry_after_seconds": 3}
    server.answer = JSONResponse(problem, status_code=409)

    answer = await post(page, "/counters/7/recall", {})

    assert (answer["name"], answer["code"]) == ("Problem", "too-early")
    assert (answer["status"], answer["retryAfterSeconds"]) == (409, 3)
    assert answer["unanswered"] is False


async def test_a_refusal_without_a_problem_document_is_still_a_problem(
    page: Page, server: ScriptedServer
) -> None:
    server.answer = Response("<h1>Bad gateway</h1>", status_code=502)

    answer = await post(page, "/tickets", {})

    assert (answer["code"], answer["status"]) == ("refused", 502)


async def test_a_server_that_never_answers_leaves_it_open_what_was_done(
    page: Page, server: ScriptedServer
) -> None:
    server.hang = True
    await page.evaluate(
        f"() => {{ window.answer = ({POST})(['/tickets', {{}}, {{key: 'k1'}}]); }}"
    )
    await server.received.wait()

    await page.clock.run_for(8100)
    answer = await page.evaluate("answer")

    assert (answer["code"], answer["unanswered"]) == ("no-connection", True)


async def test_every_key_is_new(page: Page) -> None:
    keys = await page.evaluate(
        "async () => { const { newKey } = await import('/static/web/api.js');"
        " return Array.from({ length: 100 }, newKey); }"
    )

    assert len(set(keys)) == 100
    assert all(len(key) == 32 for key in keys)
