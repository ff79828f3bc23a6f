"""The address in the QR code: what is refused, and what is warned about."""

import pytest

from app.importing.public_url import (
    LINK_LOCAL,
    NO_ADDRESS,
    THIS_MACHINE,
    public_url_of,
    public_url_warning,
)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.1.10:8000",
        "https://antrean.example",
        "http://mall.lan/",
        "http://mall",
        "http://[fd00::1]:8000",
        "http://hall_pc.lan",
    ],
)
def test_an_address_that_phones_can_open_is_taken(url: str) -> None:
    assert public_url_of(url) == url.rstrip("/")
    assert public_url_warning(public_url_of(url)) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://mall.example/antrean",
        "http://mall.example//x",
        "http://mall.example?",
        "http://mall.example#",
        "http://mall.example/?a=b",
        "http://300.1.1.1",
        "http://192.168.1",
        "http://192.168.1.10.5",
        "http://224.0.0.1",
        "http://255.255.255.255",
        "http://[ff02::1]",
        "http://[fe80::1%25eth0]",
        "http://a..b",
        "http://-a.example",
        "http://a_.example",
        "http://" + "a" * 64 + ".example",
        "http://mall.example:0",
        "http://mall.example:99999",
        "http://mall example",
        "http://mál.example",
        "http://user@mall.example",
        "http://[::1",
        "http://",
        "mall.example",
        "ftp://mall.example",
        "",
    ],
)
def test_what_no_phone_could_open_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must be http://HOST or https://HOST"):
        public_url_of(url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://localhost:8000", THIS_MACHINE),
        ("http://LOCALHOST", THIS_MACHINE),
        ("http://mall.localhost", THIS_MACHINE),
        ("http://127.0.0.1:8000", THIS_MACHINE),
        ("http://127.9.9.9", THIS_MACHINE),
        ("http://[::1]:8000", THIS_MACHINE),
        ("http://[::ffff:127.0.0.1]", THIS_MACHINE),
        ("http://0.0.0.0:8000", NO_ADDRESS),
        ("http://[::]", NO_ADDRESS),
        ("http://169.254.3.4", LINK_LOCAL),
        ("http://[fe80::1]", LINK_LOCAL),
    ],
)
def test_what_few_phones_can_open_is_taken_and_warned_about(
    url: str, code: str
) -> None:
    assert public_url_warning(public_url_of(url)) == code
