"""Where the QR codes lead: the address that phones of the hall reach."""

import pytest

from app.commands.shared import lan_address


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
