"""Accounts of staff: who may change whose, and that it holds at once."""

import asyncio
import json
import logging
from typing import Any

import pytest

from app.auth.accounts.password_rule import WeakPassword, require_strong
from app.cli import main
from tests.api.test_sessions import cookies_of, sign_in, with_cookie
from tests.support import cast, mall
from tests.support.app_server import AppServer
from tests.support.http.callers import Caller, body_of, problem_of
from tests.support.http.live import Screen, closing_of

SITI: dict[str, Any] = {
    "username": "Siti",
    "password": "jambu biji manis",
    "role": "officer",
    "agency_ids": [mall.DKC],
}
NEW = "rambutan dan duku"


async def patch(caller: Caller, user_id: int, **body: object) -> dict[str, object]:
    return body_of(await caller.send("PATCH", f"/users/{user_id}", json=body))


async def test_a_supervisor_adds_an_officer_who_then_signs_in(
    server: AppServer,
) -> None:
    account = body_of(await server.kepala.post("/users", SITI), 201)

    assert (account["username"], account["suspended"]) == ("siti", False)
    assert SITI["password"] not in json.dumps(account)
    body_of(await sign_in(server, " SITI ", "jambu biji manis"))


async def test_a_user_name_is_one_whatever_its_case(server: AppServer) -> None:
    body = SITI | {"username": " SARI"}

    problem_of(await server.admin.post("/users", body), 409, "username-taken")


@pytest.mark.parametrize(
    "username",
    [
        "s\N{CYRILLIC SMALL LETTER A}ri",
        "\N{FULLWIDTH LATIN SMALL LETTER S}ari",
        "S\N{CYRILLIC CAPITAL LETTER A}RI",
    ],
)
async def test_a_user_name_that_reads_like_another_is_taken(
    server: AppServer, username: str
) -> None:
    body = SITI | {"username": username}

    problem = problem_of(await server.admin.post("/users", body), 409, "username-taken")

    assert "reads like sari" in problem["detail"]


async def test_the_key_of_a_new_account_makes_it_once(server: AppServer) -> None:
    first = body_of(await server.admin.post("/users", SITI, key="k"), 201)

    assert body_of(await server.admin.post("/users", SITI, key="k"), 201) == first
    assert "jambu biji manis" not in "".join(server.disk.everything())


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("12345678", "length"),
        ("1234567890", "common"),
        ("Password123!", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("abcdefghijkl", "common"),
        ("Siti-20261130", "username"),
        ("jambu\tbiji manis", "characters"),
    ],
)
async def test_a_weak_password_is_refused_with_the_rule(
    server: AppServer, password: str, reason: str
) -> None:
    answer = await server.admin.post("/users", SITI | {"password": password})

    problem = problem_of(answer, 422, "weak-password")
    assert (problem["reason"], problem["min_characters"]) == (reason, 10)
    assert "10 to 200" in problem["detail"]


def test_long_words_of_ones_own_are_strong() -> None:
    require_strong("jambu biji manis", username="siti")
    with pytest.raises(WeakPassword):
        require_strong("BudiHartono99", username="budihartono")


@pytest.mark.parametrize(
    ("password", "username"),
    [
        ("loket7-2026", "loket7"),
        ("Loket7Loket7", "loket7"),
        ("2026 loket7", "loket7"),
        ("budi.budi.2026", "budi"),
    ],
)
def test_the_user_name_is_no_password_whatever_digits_or_repeats_are_beside(
    password: str, username: str
) -> None:
    with pytest.raises(WeakPassword) as refused:
        require_strong(password, username=username)
    assert refused.value.details["reason"] == "username"
    # more than a name and signs is a password
    require_strong(f"{username} jambu biji", username=username)


async def test_a_supervisor_changes_own_officers_alone(server: AppServer) -> None:
    kepala = server.kepala
    listed = {account["username"] for account in (await kepala.get("/users")).json()}
    assert {"sari", "budi"} <= listed
    assert not listed & {"admin", "resepsi", "kepala", "made"}

    for member in (cast.ADMIN, cast.MADE, cast.KEPALA):
        path = f"/users/{member.id}"
        problem_of(await kepala.post(f"{path}/reset-password"), 404, "not-found")
        problem_of(await kepala.post(f"{path}/sign-out"), 404, "not-found")
    above = {"role": "admin"}
    answer = await kepala.send("PATCH", f"/users/{cast.SARI.id}", json=above)
    problem_of(answer, 403, "forbidden")
    problem_of(await kepala.post("/users", SITI | above), 403, "forbidden")
    problem_of(await server.sari.get("/users"), 403, "forbidden")


async def test_a_suspension_ends_sign_ins_and_sockets_at_once(
    server: AppServer,
) -> None:
    async with server.sari.watch(f"counter:{mall.LOKET_1}") as watching:
        await Screen(watching).snapshot()

        account = await patch(server.kepala, cast.SARI.id, suspended=True)

        async with asyncio.timeout(5):
            assert await closing_of(watching) == 4401
    assert account["suspended"] is True
    problem_of(await server.sari.get("/counters"), 401, "unauthenticated")
    problem_of(await sign_in(server), 401, "bad-credentials")

    await patch(server.kepala, cast.SARI.id, suspended=False)
    body_of(await sign_in(server))


async def test_a_suspended_holders_counter_is_closed_by_a_supervisor(
    staffed_server: AppServer,
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await patch(staffed_server.kepala, cast.SARI.id, suspended=True)

    await staffed_server.kepala.command(mall.LOKET_1, "return")
    counter = await staffed_server.kepala.command(mall.LOKET_1, "close")

    assert (counter["state"], counter["holder"]) == ("closed", None)


async def test_a_suspended_holders_idle_counter_is_closed(
    staffed_server: AppServer,
) -> None:
    await patch(staffed_server.kepala, cast.SARI.id, suspended=True)

    listed = (await staffed_server.kepala.get("/counters")).json()
    states = {counter["id"]: counter["state"] for counter in listed}
    assert states[mall.LOKET_1] == "closed"


async def test_who_is_moved_sees_the_other_agency_and_not_the_old_one(
    staffed_server: AppServer,
) -> None:
    server, other = staffed_server, sorted(cast.MADE.agencies)
    async with server.sari.watch(f"counter:{mall.LOKET_1}") as watching:
        await Screen(watching).snapshot()

        await patch(server.admin, cast.SARI.id, agency_ids=other)

        async with asyncio.timeout(5):
            assert await closing_of(watching) == 4401
    seen = {counter["id"] for counter in (await server.sari.get("/counters")).json()}
    assert mall.LOKET_1 not in seen
    assert seen


async def test_who_is_moved_while_serving_ends_with_the_visitor_and_calls_nobody(
    staffed_server: AppServer,
) -> None:
    server, other = staffed_server, sorted(cast.MADE.agencies)
    for _ in range(2):
        await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "call-next")
    await server.sari.command(mall.LOKET_1, "start")

    await patch(server.admin, cast.SARI.id, agency_ids=other)

    path = f"/counters/{mall.LOKET_1}"
    problem_of(await server.sari.post(f"{path}/open"), 403, "forbidden")
    done = await server.sari.command(mall.LOKET_1, "serve-next")
    assert done["called"] is None
    for command in ("call-next", "walk-up", "take"):
        body = {"walk-up": {"service_id": mall.AKTA}, "take": {"ticket_id": 2}}
        answer = await server.sari.post(f"{path}/{command}", body.get(command, {}))
        assert answer.status_code in (404, 409), command
    # by itself, though nobody gives a command
    while (counter := await of_kepala(server))["state"] != "closed":
        assert counter["paused_reason"] == "holder_left"
        await asyncio.sleep(0.1)
    assert counter["holder"] is None
    problem_of(await server.sari.post(f"{path}/open"), 404, "not-found")


async def test_who_still_belongs_to_the_agency_serves_on(
    staffed_server: AppServer,
) -> None:
    server = staffed_server
    for _ in range(2):
        await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "call-next")

    await patch(server.admin, cast.SARI.id, agency_ids=[mall.DKC, mall.IMI])
    await server.sari.command(mall.LOKET_1, "start")

    assert (await server.sari.command(mall.LOKET_1, "serve-next"))["called"]


async def of_kepala(server: AppServer) -> dict[str, Any]:
    """Return the first counter as its supervisor sees it."""
    listed: list[dict[str, Any]] = (await server.kepala.get("/counters")).json()
    return next(counter for counter in listed if counter["id"] == mall.LOKET_1)


async def test_the_last_admin_stays_one(server: AppServer) -> None:
    for body in ({"suspended": True}, {"role": "reception"}):
        answer = await server.admin.send("PATCH", f"/users/{cast.ADMIN.id}", json=body)
        problem_of(answer, 409, "last-admin")


async def test_sign_out_everywhere_ends_every_sign_in(server: AppServer) -> None:
    elsewhere = with_cookie(server, await sign_in(server))

    body_of(await server.kepala.post(f"/users/{cast.SARI.id}/sign-out"))

    for caller in (server.sari, elsewhere):
        problem_of(await caller.get("/counters"), 401, "unauthenticated")


async def test_a_one_time_password_is_good_for_choosing_another_and_nothing_else(
    server: AppServer,
) -> None:
    path = f"/users/{cast.SARI.id}/reset-password"
    one_time = body_of(await server.kepala.post(path, key=""))["password"]
    problem_of(await server.sari.get("/counters"), 401, "unauthenticated")
    problem_of(await sign_in(server), 401, "bad-credentials")
    assert one_time not in "".join(server.disk.everything())

    signed_in = await sign_in(server, password=one_time)
    assert body_of(signed_in)["only_password"] is True
    problem_of(await sign_in(server, password=one_time), 401, "bad-credentials")
    me = with_cookie(server, signed_in)
    problem_of(await me.get("/counters"), 403, "forbidden")
    problem_of(await me.post("/counters/1/open"), 403, "forbidden")

    same = await me.post("/session/password", {"old": one_time, "new": one_time})
    assert problem_of(same, 422, "weak-password")["reason"] == "same"
    body_of(await me.post("/session/password", {"old": one_time, "new": NEW}))
    assert (await me.get("/counters")).status_code == 200
    body_of(await sign_in(server, password=NEW))


async def test_a_one_time_password_used_twice_at_once_is_good_once(
    server: AppServer,
) -> None:
    path = f"/users/{cast.SARI.id}/reset-password"
    one_time = body_of(await server.admin.post(path, key=""))["password"]

    answers = await asyncio.gather(
        *(sign_in(server, password=one_time) for _ in range(3))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]


async def test_ones_own_password_ends_ones_sign_ins_elsewhere(
    server: AppServer,
) -> None:
    elsewhere = with_cookie(server, await sign_in(server))
    wrong = {"old": "not this one", "new": NEW}
    answer = await server.sari.post("/session/password", wrong)
    problem_of(answer, 401, "bad-credentials")

    right = {"old": cast.PASSWORD, "new": NEW}
    body_of(await server.sari.post("/session/password", right))

    assert (await server.sari.get("/counters")).status_code == 200
    problem_of(await elsewhere.get("/counters"), 401, "unauthenticated")


async def test_signing_in_over_a_sign_in_ends_the_old_one(server: AppServer) -> None:
    old = with_cookie(server, await sign_in(server))

    again = await old.post("/session", {"username": "budi", "password": cast.PASSWORD})

    body_of(again)
    problem_of(await old.get("/counters"), 401, "unauthenticated")


async def test_strangers_do_not_stop_who_signed_in_here_before(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await sign_in(server)
    browser = cookies_of(first)["antrean_browser"].value
    monkeypatch.setattr("app.auth.attempts.MAX_BY_USER", 5)
    for _ in range(6):
        await sign_in(server, password="wrong")  # noqa: S106
    problem_of(await sign_in(server), 429, "too-many-attempts")

    known = Caller(server.client, {"Cookie": f"antrean_browser={browser}"})
    body = {"username": "Sari ", "password": cast.PASSWORD}
    body_of(await known.post("/session", body, key=""))
    # whoever has stolen the cookie guesses no faster, and for its owner alone
    for _ in range(5):
        await known.post("/session", body | {"password": "wrong"}, key="")
    answer = await known.post("/session", body, key="")
    problem_of(answer, 429, "too-many-attempts")


async def test_failed_sign_ins_are_logged_without_what_was_typed(
    server: AppServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "antrean.security"):
        await sign_in(server, "Sari", "a-wrong-guess")
        await sign_in(server, "my-secret-typed-here", "x")

    text = caplog.text
    assert "user='sari' address=127.0.0.1" in text
    assert "a-wrong-guess" not in text
    assert "my-secret-typed-here" not in text


async def test_the_audit_tells_who_did_what_to_whom_from_where(
    server: AppServer,
) -> None:
    await patch(server.kepala, cast.SARI.id, suspended=True)
    await server.admin.post(f"/users/{cast.BUDI.id}/reset-password", key="")

    newest, before = (await server.admin.get("/audit")).json()

    assert (newest["kind"], newest["actor"]) == ("account.password-reset", "admin")
    assert (before["kind"], before["subject"]) == ("account.suspended", "sari")
    assert before["device"] == "127.0.0.1"
    some = (await server.admin.get("/audit?actor=KEPALA&from=2026-01-01")).json()
    assert [row["id"] for row in some] == [before["id"]]
    assert (await server.admin.get("/audit?to=2026-01-01")).json() == []
    sheet = await server.admin.get("/audit.csv?kind=account.suspended")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert sheet.text.splitlines()[0] == "id,at,kind,actor,device,subject,details"
    problem_of(await server.kepala.get("/audit"), 403, "forbidden")


async def test_a_refused_change_leaves_no_row_in_the_audit(server: AppServer) -> None:
    await server.admin.send(
        "PATCH", f"/users/{cast.ADMIN.id}", json={"suspended": True}
    )

    assert (await server.admin.get("/audit")).json() == []


async def test_what_a_command_ended_is_over_within_a_second(server: AppServer) -> None:

    data = server.context.settings.data
    async with server.sari.watch(f"counter:{mall.LOKET_1}") as watching:
        await Screen(watching).snapshot()

        done = await asyncio.to_thread(
            main, ["user", "suspend", " SARI", "--data", str(data)]
        )

        async with asyncio.timeout(10):
            assert await closing_of(watching) == 4401
    assert done == 0
    problem_of(await server.sari.get("/counters"), 401, "unauthenticated")
    (row,) = (await server.admin.get("/audit")).json()
    assert (row["actor"], row["subject"]) == (None, "sari")
    assert row["device"].startswith("terminal of ")
