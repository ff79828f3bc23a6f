"""Signing in: staff with a password, a browser with a device's token."""

import asyncio
from datetime import timedelta
from functools import partial
from http.cookies import SimpleCookie

import httpx2
import pytest
from sqlalchemy import update

from app.auth.sessions import begin_session
from app.queueing import rows
from tests.support import cast, mall
from tests.support.app_server import AppServer
from tests.support.clock import MORNING, MovableClock
from tests.support.http.callers import Caller, Callers, body_of, problem_of


async def sign_in(
    server: AppServer, username: str = "sari", password: str = cast.PASSWORD
) -> httpx2.Response:
    body = {"username": username, "password": password}
    return await server.anyone.post("/session", body, key="")


def cookies_of(answer: httpx2.Response) -> SimpleCookie:
    cookies = SimpleCookie()
    for header in answer.headers.get_list("set-cookie"):
        cookies.load(header)
    return cookies


def with_cookie(server: AppServer, answer: httpx2.Response) -> Caller:
    pairs = [f"{each.key}={each.value}" for each in cookies_of(answer).values()]
    return Caller(server.client, {"Cookie": "; ".join(pairs)})


async def test_staff_sign_in_and_are_told_who_they_are(server: AppServer) -> None:
    answer = await sign_in(server)

    assert body_of(answer) == {
        "username": "sari",
        "role": "officer",
        "agency_ids": [mall.DKC],
    }
    cookie = cookies_of(answer)["antrean_staff"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["path"] == "/"
    assert not cookie["secure"]  # the demo has no TLS; test_cookies_under_tls
    counters = await with_cookie(server, answer).get("/counters")
    assert counters.status_code == 200


async def test_cookies_under_tls_are_secure(server: AppServer) -> None:
    server.context.settings.secure_cookies = True

    assert cookies_of(await sign_in(server))["antrean_staff"]["secure"]


async def test_the_secret_of_a_sign_in_is_not_on_disk(server: AppServer) -> None:
    secret = cookies_of(await sign_in(server))["antrean_staff"].value

    assert secret not in "".join(server.disk.everything())


@pytest.mark.parametrize(
    ("username", "password"),
    [("sari", "wrong"), ("nobody", cast.PASSWORD), ("sari' OR 1=1 --", "x")],
)
async def test_a_wrong_name_or_password_is_refused_alike(
    server: AppServer, username: str, password: str
) -> None:
    answer = await sign_in(server, username, password)

    problem = problem_of(answer, 401, "bad-credentials")
    assert problem["detail"] == "The user name or the password is wrong."
    assert "set-cookie" not in answer.headers


async def test_somebody_who_has_left_cannot_sign_in(server: AppServer) -> None:
    with server.disk.writing() as db:
        left = update(rows.staff).where(rows.staff.c.username == "sari")
        db.execute(left.values(is_active=False))

    problem_of(await sign_in(server), 401, "bad-credentials")


async def test_guessing_is_slowed_down(server: AppServer, clock: MovableClock) -> None:
    for _ in range(5):
        problem_of(await sign_in(server, password="wrong"), 401, "bad-credentials")  # noqa: S106

    answer = await sign_in(server)

    problem = problem_of(answer, 429, "too-many-attempts")
    assert 0 < problem["retry_after_seconds"] <= 61
    assert answer.headers["retry-after"] == str(problem["retry_after_seconds"])
    body_of(await sign_in(server, "budi"))  # a colleague at the same address may

    clock.move(seconds=61)
    body_of(await sign_in(server))


async def test_guessing_at_once_is_no_way_round(server: AppServer) -> None:
    answers = await asyncio.gather(
        *(sign_in(server, password="wrong") for _ in range(20))  # noqa: S106
    )

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [401] * 5 + [429] * 15


async def test_right_passwords_are_no_failures(server: AppServer) -> None:
    for _ in range(7):
        body_of(await sign_in(server))


async def test_more_sign_ins_than_can_wait_are_busy_and_count_for_nothing(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.auth.passwords.MAX_WAITING", -2)
    for _ in range(7):
        answer = await sign_in(server)
        problem_of(answer, 503, "busy")
        assert answer.headers["retry-after"] == "2"
    monkeypatch.undo()

    body_of(await sign_in(server))


async def test_a_sign_in_lets_nobody_else_be_forgotten(server: AppServer) -> None:
    assert (await server.sari.get("/counters")).status_code == 200
    with server.disk.writing() as db:  # unannounced: only who is looked up anew fails
        left = update(rows.staff).where(rows.staff.c.username == "sari")
        db.execute(left.values(is_active=False))

    body_of(await sign_in(server, "budi"))

    assert (await server.sari.get("/counters")).status_code == 200


async def test_a_secret_that_was_unknown_is_looked_up_again(server: AppServer) -> None:
    context, secret = server.context, "not-given-out-yet"
    assert context.credentials.of(secret, context.clock) is None

    begin = partial(begin_session, staff_id=1, secret=secret, hours=1)
    await context.ledger.do(begin)

    assert context.credentials.of(secret, context.clock) is not None


async def test_guessing_many_names_from_one_address_is_slowed_down(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.auth.attempts.MAX_BY_ADDRESS", 8)
    answers = await asyncio.gather(
        *(sign_in(server, f"user{n}", "wrong") for n in range(8))
    )
    assert {answer.status_code for answer in answers} == {401}

    problem_of(await sign_in(server), 429, "too-many-attempts")


async def test_signing_out_ends_it_at_once(server: AppServer) -> None:
    me = with_cookie(server, await sign_in(server))
    other = with_cookie(server, await sign_in(server))

    gone = await me.send("DELETE", "/session")

    assert gone.status_code == 204
    assert 'antrean_staff=""' in gone.headers["set-cookie"]
    problem_of(await me.get("/counters"), 401, "unauthenticated")
    assert (await other.get("/counters")).status_code == 200
    assert (await me.send("DELETE", "/session")).status_code == 204  # out is out


async def test_a_sign_in_ends_by_itself(server: AppServer, clock: MovableClock) -> None:
    me = with_cookie(server, await sign_in(server))

    clock.move(hours=13, minutes=59)
    assert (await me.get("/counters")).status_code == 200
    clock.move(minutes=1)
    problem_of(await me.get("/counters"), 401, "unauthenticated")
    assert timedelta(hours=14) <= clock.now() - MORNING


async def test_a_browser_becomes_the_device_whose_token_it_sends(
    server: AppServer,
) -> None:
    answer = await server.kiosk.post("/device-session", key="")

    assert body_of(answer) == {
        "device_id": mall.KIOSK_1,
        "kind": "kiosk",
        "name": "Kios 1",
    }
    cookie = cookies_of(answer)["antrean_kiosk"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert int(cookie["max-age"]) > 300 * 24 * 3600
    assert cookie.value != cast.KIOSK.secret
    browser = with_cookie(server, answer)
    assert (await browser.issue(mall.AKTA))["number"] == "A-001"


async def test_a_cookie_breeds_no_further_cookies(server: AppServer) -> None:
    browser = with_cookie(server, await server.kiosk.post("/device-session", key=""))

    problem_of(await browser.post("/device-session"), 401, "unauthenticated")


async def test_no_token_and_no_staff_become_a_device(server: AppServer) -> None:
    problem_of(await server.anyone.post("/device-session"), 401, "unauthenticated")
    problem_of(await server.sari.post("/device-session"), 403, "forbidden")
    unknown = Callers(server.client).bearer("no-such-token")
    problem_of(await unknown.post("/device-session"), 401, "unauthenticated")


async def test_a_cookie_falls_with_the_token_it_was_made_from(
    server: AppServer,
) -> None:
    browser = with_cookie(server, await server.kiosk.post("/device-session", key=""))
    devices = (await server.admin.get("/devices")).json()
    (kiosk,) = (d for d in devices if d["id"] == mall.KIOSK_1)

    for token_id in kiosk["token_ids"][:1]:
        gone = await server.admin.post(f"/device-tokens/{token_id}/revoke", key="")
        assert gone.status_code == 204

    for caller in (server.kiosk, browser):
        answer = await caller.post("/tickets", {"service_ids": [mall.AKTA]})
        problem_of(answer, 401, "unauthenticated")
    assert (await server.other_kiosk.issue(mall.AKTA))["number"] == "A-001"


async def test_a_bearer_speaks_alone_even_beside_a_cookie(server: AppServer) -> None:
    both = Caller(server.client, {**server.admin.headers, **server.kiosk.headers})

    problem_of(await both.get("/counters"), 403, "forbidden")


async def test_a_401_names_the_way_to_authenticate(server: AppServer) -> None:
    answer = await server.anyone.get("/counters")

    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("username", ["sari ", "\tsari", "Sari\N{NO-BREAK SPACE}"])
async def test_blanks_of_whatever_sort_around_a_user_name_were_not_meant(
    server: AppServer, username: str
) -> None:
    assert (await sign_in(server, username)).status_code == 200
