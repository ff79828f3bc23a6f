"""``GET`` and ``POST /config``: the mall, read and changed whole among its visitors."""

import json
from typing import Any

import httpx2
import pytest
import yaml

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import Caller, body_of, problem_of
from tests.support.http.live import Screen
from tests.support.http.raw import exchange, request_bytes

RENAMED = mall.SMALL_MALL.replace("name: Akta kelahiran", "name: Akta lahir")
PATH = "agencies.DKC.services.AKTA.name"
CHANGE = {"path": PATH, "from": "Akta kelahiran", "to": "Akta lahir"}


async def post(
    caller: Caller, text: str | bytes, query: str = "", **headers: str
) -> httpx2.Response:
    content = text.encode() if isinstance(text, str) else text
    return await caller.send(
        "POST",
        f"/config{query}",
        content=content,
        headers={"Content-Type": "application/yaml", **headers},
    )


async def names(server: AppServer) -> list[str]:
    agencies: Any = (await server.anyone.get("/agencies")).json()
    return [service["name"] for each in agencies for service in each["services"]]


async def test_gives_the_mall_as_a_file_that_changes_nothing(server: AppServer) -> None:
    answer = await server.admin.get("/config")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/yaml")
    assert yaml.safe_load(answer.text)["site"]["name"] == "Mal Kecil"
    again = await post(server.admin, answer.text)
    assert body_of(again) == {"changes": [], "refused": [], "warnings": []}
    assert (await server.admin.get("/config")).headers["etag"] == answer.headers["etag"]


async def test_a_dry_run_says_what_would_change_and_changes_nothing(
    server: AppServer,
) -> None:
    before = (await server.admin.get("/config")).text

    answer = await post(server.admin, RENAMED, "?dry_run=true")

    assert body_of(answer) == {"changes": [CHANGE], "refused": [], "warnings": []}
    present = (await server.admin.get("/config")).headers["etag"]
    assert answer.headers["etag"] == present
    assert (await server.admin.get("/config")).text == before


async def test_a_file_changes_the_mall_in_one_transaction(server: AppServer) -> None:
    revision = server.disk.one("SELECT revision FROM ledger_state")

    answer = await post(server.admin, RENAMED)

    assert body_of(answer) == {"changes": [CHANGE], "refused": [], "warnings": []}
    assert "Akta lahir" in await names(server)
    assert server.disk.one("SELECT revision FROM ledger_state") == revision + 1
    [row] = (await server.admin.get("/audit?kind=mall.changed")).json()
    assert (row["actor"], row["subject"]) == ("admin", None)
    assert row["details"] == {"changes": 1, "paths": [PATH]}


@pytest.mark.parametrize("query", ["?dry_run=true", ""])
async def test_it_warns_of_what_visitors_could_not_open_or_read(
    server: AppServer, query: str
) -> None:
    text = mall.SMALL_MALL.replace("http://mal.example", "http://0.0.0.0:8000")
    text = text.replace("Loket 2", f"Loket {'Pelayanan ' * 5}2")

    answer = await post(server.admin, text, query)

    found = {each["path"]: each["reason"] for each in body_of(answer)["warnings"]}
    assert list(found) == ["site.public_url", "counters.L2.name"]
    assert "no phone can open it" in found["site.public_url"]
    assert "too long for a display" in found["counters.L2.name"]


async def test_screens_follow_at_once(server: AppServer) -> None:
    text = mall.SMALL_MALL.replace("short_name: Dukcapil", "short_name: Capil")
    text = text.replace("name: Mal Kecil", "name: Mal Besar")
    async with server.hall.watch(f"display:{mall.HALL}") as socket:
        screen = Screen(socket)
        await screen.snapshot()

        body_of(await post(server.admin, text))

        revision = server.disk.one("SELECT revision FROM ledger_state")
        board = (await screen.until(revision))["data"]
    assert "Capil" in str(board)
    # the pages' own name of the mall too, without a restart
    while "Mal Besar" not in (await server.client.get("/")).text:
        pass


async def test_a_found_word_is_found_by_its_new_name(server: AppServer) -> None:
    assert (await server.anyone.get("/search?q=lahiran")).json() != []
    text = mall.SMALL_MALL.replace("Akta kelahiran", "Surat pindah")

    await post(server.admin, text)

    [match, *_] = (await server.anyone.get("/search?q=pindah")).json()
    assert match["service_id"] == mall.AKTA


async def test_a_new_printer_prints_without_a_restart(server: AppServer) -> None:
    text = mall.SMALL_MALL.replace(
        "kiosks:",
        '  - {code: P3, name: Printer 3, address: "tcp://127.0.0.1:9"}\nkiosks:',
    ).replace("name: Kios 2, printer: P2", "name: Kios 2, printer: P3")
    await post(server.admin, text)

    await server.other_kiosk.issue(mall.AKTA)

    # nothing listens there: a worker has tried, and says so
    await server.until_printed()
    [(printer, state)] = server.disk.rows(
        "SELECT printer.code, print_job.state FROM print_job JOIN printer"
        " ON printer.id = print_job.printer_id WHERE print_job.state != 'queued'"
    )
    assert (printer, state) == ("P3", "failed")


async def test_a_wrong_file_is_refused_whole_with_every_line(server: AppServer) -> None:
    before = (await server.admin.get("/config")).text
    wrong = RENAMED.replace("symbol: passport", "symbol: pasport").replace(
        "zone: B", "zone: C"
    )

    problem = problem_of(await post(server.admin, wrong), 422, "import-failed")

    assert [each["path"] for each in problem["refused"]] == [
        "agencies.IMI.symbol",
        "counters.L3.zone",
    ]
    assert all(each["line"] > 0 and each["reason"] for each in problem["refused"])
    assert (await server.admin.get("/config")).text == before


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
async def test_what_is_in_use_is_refused_in_the_callers_language(
    server: AppServer, query: str
) -> None:
    await server.kiosk.issue(mall.PASPOR)
    start = mall.SMALL_MALL.index("  - code: IMI")
    text = (
        mall.SMALL_MALL[:start] + mall.SMALL_MALL[mall.SMALL_MALL.index("counters") :]
    )
    text = text.replace("services: [IMI]", "services: [DKC]")
    before = (await server.admin.get("/config")).text

    english = await post(server.admin, text, query, **{"Accept-Language": "en"})
    indonesian = await post(server.admin, text, query, **{"Accept-Language": "id"})

    refused = problem_of(english, 422, "import-failed")["refused"]
    assert [each["path"] for each in refused] == [
        "agencies.IMI",
        "agencies.IMI",
        "agencies.IMI.services.PASPOR",
    ]
    assert "it still has tickets" in refused[-1]["reason"]
    assert refused[-1]["line"] is None
    refused = problem_of(indonesian, 422, "import-failed")["refused"]
    assert "nomor antrean" in refused[-1]["reason"]
    assert (await server.admin.get("/config")).text == before


@pytest.mark.parametrize("query", ["", "?dry_run=true"])
async def test_an_older_mall_than_the_present_is_412(
    server: AppServer, query: str
) -> None:
    seen = (await server.admin.get("/config")).headers["etag"]
    await post(server.admin, RENAMED)

    stale = await post(server.admin, mall.SMALL_MALL, query, **{"If-Match": seen})

    problem_of(stale, 412, "config-changed")
    assert "Akta lahir" in await names(server)
    fresh = (await server.admin.get("/config")).headers["etag"]
    any_of = f'"other", {fresh}'
    body_of(await post(server.admin, mall.SMALL_MALL, query, **{"If-Match": any_of}))
    weak = await post(server.admin, RENAMED, query, **{"If-Match": f"W/{fresh}"})
    problem_of(weak, 412, "config-changed")


async def test_a_repeat_with_its_key_changes_nothing_more(server: AppServer) -> None:
    first = await post(server.admin, RENAMED, **{"Idempotency-Key": "once"})
    await post(server.admin, mall.SMALL_MALL)

    repeat = await post(server.admin, RENAMED, **{"Idempotency-Key": "once"})

    assert repeat.text == first.text
    assert "Akta kelahiran" in await names(server)


async def test_the_time_zone_stays_while_a_server_runs(server: AppServer) -> None:
    text = mall.SMALL_MALL.replace("Asia/Jakarta", "Asia/Jayapura")

    problem = problem_of(await post(server.admin, text), 422, "import-failed")

    assert problem["refused"][0]["path"] == "site.timezone"


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"site: {}", "application/json", 415),
        (b"site: {}", "text/plain", 415),
        (b"\xff", "application/yaml", 422),
        (b"", "application/yaml", 422),
    ],
)
async def test_what_is_no_such_file_is_refused(
    server: AppServer, content: bytes, media: str, status: int
) -> None:
    answer = await server.admin.send(
        "POST", "/config", content=content, headers={"Content-Type": media}
    )

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_file_past_its_limit_is_refused_before_it_is_read(
    server: AppServer,
) -> None:
    headers = [
        ("Content-Type", b"application/yaml"),
        ("Content-Length", b"%d" % (4 * 1024 * 1024 + 1)),
        ("Cookie", server.admin.headers["Cookie"].encode()),
    ]
    request = request_bytes("POST", "/api/v1/config", headers, b"")

    answer = await exchange(server.port, request)

    assert answer.status == 413
    # its own limit, not that of all other bodies
    assert json.loads(answer.body)["detail"] == "The body is larger than 4 MB."


async def test_a_file_between_the_limits_is_read(server: AppServer) -> None:
    padded = mall.SMALL_MALL + "#" * 100_000

    assert body_of(await post(server.admin, padded, "?dry_run=true"))["changes"] == []


async def test_yaml_is_for_the_mall_alone(server: AppServer) -> None:
    answer = await server.admin.send(
        "POST",
        "/users",
        content=b"a: b",
        headers={"Content-Type": "application/yaml"},
    )

    assert answer.status_code == 415
