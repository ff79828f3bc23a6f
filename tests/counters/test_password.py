"""Choosing one's own password by a plain form, without a script."""

import httpx2
import pytest

from tests.counters.test_sign_in import sign_in
from tests.support.app_server import AppServer
from tests.support.cast import PASSWORD, SARI
from tests.support.http.callers import body_of

NEW = "rambutan dan duku"


async def test_a_one_time_password_leads_to_choosing_another(
    server: AppServer, browser: httpx2.AsyncClient
) -> None:
    path = f"/users/{SARI.id}/reset-password"
    one_time = body_of(await server.kepala.post(path, key=""))["password"]

    answer = await sign_in(browser, SARI.username, one_time, next="/counter")
    assert answer.headers["location"] == "/password"
    assert (await browser.get("/counter")).status_code == 303
    form = {"old": one_time, "new": "password123"}
    weak = await browser.post("/password", data=form)
    assert weak.status_code == 422
    assert "Kata sandi ini terlalu mudah ditebak" in weak.text
    done = await browser.post("/password", data=form | {"new": NEW})

    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert 'href="/counter"' in (await browser.get("/sign-in")).text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("id", "Ini kata sandi Anda yang sekarang"),
        ("en", "This is your present password"),
    ],
)
async def test_the_present_password_chosen_again_is_called_that(
    browser: httpx2.AsyncClient, language: str, words: str
) -> None:
    await sign_in(browser, SARI.username, PASSWORD)
    form = {"old": PASSWORD, "new": PASSWORD}
    answer = await browser.post("/password", params={"lang": language}, data=form)

    assert answer.status_code == 422
    assert words in answer.text
    assert "mudah ditebak" not in answer.text
    assert "easily guessed" not in answer.text


async def test_ones_own_password_needs_the_present_one(
    browser: httpx2.AsyncClient,
) -> None:
    assert (await browser.get("/password")).headers["location"].startswith("/sign-in")
    await sign_in(browser, SARI.username, PASSWORD)
    assert 'name="new"' in (await browser.get("/password")).text

    answer = await browser.post("/password", data={"old": "wrong", "new": NEW})

    assert answer.status_code == 401
    assert "Nama pengguna atau kata sandi salah" in answer.text


@pytest.mark.parametrize("path", ["/counter?counter=1", "/reception", "/admin"])
async def test_every_page_leads_whoever_has_a_one_time_password_to_choose_another(
    server: AppServer, browser: httpx2.AsyncClient, path: str
) -> None:
    reset = await server.kepala.post(f"/users/{SARI.id}/reset-password", key="")
    await sign_in(browser, SARI.username, body_of(reset)["password"])

    answer = await browser.get(path)

    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
