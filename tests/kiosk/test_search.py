"""The kiosk's search without a script: each key is a button of its form."""

import pytest

from app.kiosk.search import MAX_LETTERS, text_after_key
from tests.kiosk.conftest import Screen
from tests.support.app_server import AppServer
from tests.support.mall import AKTA, KTP, PASPOR


@pytest.mark.parametrize(
    ("typed", "key", "then"),
    [
        ("KT", "P", "KTP"),
        ("KTP", "space", "KTP "),
        ("KTP", "back", "KT"),
        ("", "back", ""),
        ("KTP", "clear", ""),
        ("A" * MAX_LETTERS, "B", "A" * MAX_LETTERS),
    ],
)
def test_a_key_types(typed: str, key: str, then: str) -> None:
    assert text_after_key(typed, key) == then


async def test_a_word_leads_to_the_services_page(screen: Screen) -> None:
    page = (await screen.look("/kiosk/search?q=pas&lang=en&people=2")).text

    assert f'href="/kiosk/services/{PASPOR}?lang=en&amp;people=2"' in page
    assert "Immigration" in page
    assert f"/kiosk/services/{AKTA}" not in page


async def test_a_key_is_typed_before_the_search(screen: Screen) -> None:
    page = (await screen.look("/kiosk/search?q=PASPO&key=R")).text

    assert 'value="PASPOR"' in page
    assert f'href="/kiosk/services/{PASPOR}"' in page


async def test_what_is_closed_is_found_and_says_why(
    screen: Screen, server: AppServer
) -> None:
    await server.admin.post(f"/services/{KTP}/close", {})

    page = (await screen.look("/kiosk/search?q=ktp")).text

    assert f'href="/kiosk/services/{KTP}"' in page
    assert "Tutup sementara" in page


async def test_nothing_found_leads_on(screen: Screen) -> None:
    page = (await screen.look("/kiosk/search?q=xqzw")).text

    assert "Tidak ditemukan" in page
    assert 'id="agencies" href="/kiosk"' in page
    assert 'href="/kiosk/person"' in page


async def test_what_was_typed_is_text_and_nothing_else(screen: Screen) -> None:
    page = (await screen.look("/kiosk/search?q=%3Cscript%3Ealert(1)%3C/script%3E")).text

    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "query", [f"q={'A' * 101}", "key=AB", "key=%C3%A9", "page=0", "key=back%0A"]
)
async def test_what_is_not_of_the_form_is_told_with_a_way_back(
    screen: Screen, query: str
) -> None:
    page = await screen.look(f"/kiosk/search?{query}")

    assert page.status_code == 422
    assert "Pengunjung baru" in page.text


async def test_odd_letters_find_nothing_and_break_nothing(screen: Screen) -> None:
    for query in ("q=%00", "q=%F0%9F%98%80", "q=%E2%80%AE", "q=%20%20", "q=%FF"):
        assert (await screen.look(f"/kiosk/search?{query}")).status_code == 200


async def test_the_choices_stay_through_the_search(screen: Screen) -> None:
    page = (await screen.look(f"/kiosk/search?with={AKTA}&priority=hamil")).text

    assert f'type="hidden" name="with" value="{AKTA}"' in page
    assert 'type="hidden" name="priority" value="hamil"' in page


async def test_a_person_is_named_and_help_may_be_taken_along(screen: Screen) -> None:
    page = (await screen.look("/kiosk/person")).text

    assert "meja resepsionis" in page
    assert 'href="/kiosk?assistance=yes"' in page


async def test_size_and_contrast_are_in_the_address_and_in_no_cookie(
    screen: Screen,
) -> None:
    page = await screen.look("/kiosk?text=large&contrast=high")

    assert 'data-text="large"' in page.text
    assert 'data-contrast="high"' in page.text
    assert 'href="/kiosk/agencies/1?text=large&amp;contrast=high"' in page.text
    cookies = page.headers.get_list("set-cookie")
    assert all(each.startswith("antrean_kiosk=") for each in cookies)
    assert 'data-text="normal"' in (await screen.look("/kiosk")).text
