"""Signing in and out by plain forms, without a script."""

import httpx2
import pytest

from app.auth.cookies import STAFF_COOKIE
from app.web.staff_sign_in import same_site_path
from tests.counters.conftest import Enter
from tests.support.app_server import AppServer
from tests.support.cast import ADMIN, BUDI, KEPALA, PASSWORD, RESEPSI, SARI, StaffMember


async def sign_in(
    browser: httpx2.AsyncClient, username: str, password: str = PASSWORD, **more: str
) -> httpx2.Response:
    form = {"username": username, "password": password, **more}
    return await browser.post("/sign-in", data=form)


@pytest.mark.parametrize(
    ("member", "home"),
    [
        (SARI, "/counter"),
        (KEPALA, "/counter"),
        (RESEPSI, "/reception"),
        (ADMIN, "/admin"),
    ],
)
async def test_each_role_lands_where_its_work_is(
    browser: httpx2.AsyncClient, member: StaffMember, home: str
) -> None:
    answer = await sign_in(browser, member.username)

    assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert "HttpOnly" in answer.headers["set-cookie"]


async def test_a_form_and_the_api_open_the_same_pages(
    browser: httpx2.AsyncClient,
) -> None:
    await sign_in(browser, SARI.username)

    counters = await browser.get("/api/v1/counters")

    assert [counter["name"] for counter in counters.json()] == ["Loket 1", "Loket 2"]


async def test_goes_on_to_the_page_that_was_wanted(browser: httpx2.AsyncClient) -> None:
    refused_upgrade = await browser.get("/counter?counter=1")
    assert refused_upgrade.status_code == 303
    assert refused_upgrade.headers["location"] == "/sign-in?next=/counter%3Fcounter%3D1"

    form = await browser.get(refused_upgrade.headers["location"])
    assert 'name="next" value="/counter?counter=1"' in form.text

    answer = await sign_in(browser, SARI.username, next="/counter?counter=1")
    assert answer.headers["location"] == "/counter?counter=1"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example/x", "https://evil.example", "/\\evil.example", "/\t/evil.example"],
)
async def test_never_goes_on_to_another_site(
    browser: httpx2.AsyncClient, elsewhere: str
) -> None:
    answer = await sign_in(browser, SARI.username, next=elsewhere)

    assert answer.headers["location"] == "/counter"
    assert same_site_path(elsewhere) is None


async def test_a_wrong_password_is_told_in_words_and_nothing_is_lost(
    browser: httpx2.AsyncClient,
) -> None:
    answer = await sign_in(browser, "sari", "bukan-ini", next="/counter?counter=2")

    assert answer.status_code == 401
    assert "Nama pengguna atau kata sandi salah" in answer.text
    assert 'value="sari"' in answer.text
    assert 'name="next" value="/counter?counter=2"' in answer.text
    assert "bukan-ini" not in answer.text
    assert STAFF_COOKIE not in browser.cookies


async def test_an_unknown_name_is_told_like_a_wrong_password(
    browser: httpx2.AsyncClient,
) -> None:
    wrong = await sign_in(browser, "sari", "bukan-ini")
    unknown = await sign_in(browser, "siapa", "bukan-ini")

    assert unknown.status_code == wrong.status_code
    assert unknown.text == wrong.text.replace('value="sari"', 'value="siapa"')


async def test_many_failures_have_to_wait(browser: httpx2.AsyncClient) -> None:
    answers = [await sign_in(browser, "sari", f"salah-{n}") for n in range(20)]

    last = answers[-1]
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert "Terlalu banyak percobaan" in last.text
    assert (await sign_in(browser, "sari")).status_code == 429


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_another_site_cannot_sign_this_browser_in(
    browser: httpx2.AsyncClient, headers: dict[str, str]
) -> None:
    form = {"username": "sari", "password": PASSWORD}

    answer = await browser.post("/sign-in", data=form, headers=headers)

    assert answer.status_code == 403
    assert STAFF_COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"username": "sari"},
        {"username": "sari\x00", "password": PASSWORD},
        {"username": "s" * 101, "password": PASSWORD},
        {"username": "sari", "password": "p" * 201},
    ],
)
async def test_a_form_that_no_page_sends_is_refused(
    browser: httpx2.AsyncClient, form: dict[str, str]
) -> None:
    answer = await browser.post("/sign-in", data=form)

    assert answer.status_code == 422
    assert STAFF_COOKIE not in browser.cookies


async def test_signing_out_ends_the_sign_in_itself(
    browser: httpx2.AsyncClient, enter: Enter, server: AppServer
) -> None:
    enter(SARI)

    answer = await browser.post("/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert (await server.sari.get("/counters")).status_code == 401


async def test_somebody_who_is_not_signed_in_may_sign_out(
    browser: httpx2.AsyncClient,
) -> None:
    assert (await browser.post("/sign-out")).status_code == 303


async def test_the_form_names_who_is_signed_in(
    browser: httpx2.AsyncClient, enter: Enter
) -> None:
    enter(BUDI)

    form = await browser.get("/sign-in")

    assert "Anda masuk sebagai Budi." in form.text
    assert "Masuk sebagai orang lain" in form.text


@pytest.mark.parametrize("username", ["sari\t", "Sari\N{NO-BREAK SPACE}"])
async def test_blanks_of_whatever_sort_around_a_user_name_were_not_meant(
    browser: httpx2.AsyncClient, username: str
) -> None:
    answer = await sign_in(browser, username)

    assert (answer.status_code, answer.headers["location"]) == (303, "/counter")
