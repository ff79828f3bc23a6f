"""Where the QR codes lead: the address that phones of the hall reach."""

import pytest

from app.commands.serve import _greeting
from app.commands.shared import lan_address

EVERYWHERE = "0.0.0.0"  # noqa: S104 (passed on, not bound)


@pytest.mark.parametrize("host", ["192.168.1.9", "localhost", "fd00::9"])
def test_a_named_address_is_the_one_that_is_told(host: str) -> None:
    assert lan_address.reachable_address(host) == host


@pytest.mark.parametrize(
    ("routed", "own", "expected"),
    [
        (["10.0.0.4"], ["10.1.0.4"], "10.0.0.4"),
        ([], ["127.0.0.1", "169.254.7.7", "10.1.0.4"], "10.1.0.4"),
        ([], ["127.0.0.1"], None),
    ],
)
def test_without_a_default_route_the_interfaces_are_asked(
    monkeypatch: pytest.MonkeyPatch,
    routed: list[str],
    own: list[str],
    expected: str | None,
) -> None:
    monkeypatch.setattr(lan_address, "_of_default_route", lambda: iter(routed))
    monkeypatch.setattr(lan_address, "_of_interfaces", lambda: iter(own))
    monkeypatch.setattr(lan_address, "_of_own_name", lambda: iter(["127.0.1.1"]))

    assert lan_address.reachable_address("0.0.0.0") == expected  # noqa: S104


def test_the_interfaces_are_read_from_the_kernel() -> None:
    assert "127.0.0.1" in lan_address._of_interfaces()


def test_every_address_of_a_machine_is_one_that_others_can_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = ["192.168.1.10", "127.0.0.1", "169.254.1.1", "10.0.0.5", "192.168.1.10"]
    monkeypatch.setattr(lan_address, "_addresses", lambda: iter(own))

    assert lan_address.reachable_addresses(EVERYWHERE) == ["192.168.1.10", "10.0.0.5"]
    assert lan_address.reachable_addresses("127.0.0.1") == []
    assert lan_address.reachable_addresses("10.0.0.5") == ["10.0.0.5"]


def test_serve_says_where_others_find_it_and_where_phones_cannot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lan_address, "_addresses", lambda: iter(["192.168.1.10"]))

    everywhere = list(_greeting(EVERYWHERE, 8000, "http://0.0.0.0:8000"))
    here = list(_greeting("127.0.0.1", 8000, "http://mall.example"))

    assert everywhere[0] == "Antrean serves http://192.168.1.10:8000/"
    assert everywhere[1].startswith("Warning: QR codes lead to http://0.0.0.0:8000:")
    assert here == ["Antrean serves http://127.0.0.1:8000/ (for this machine alone)"]
