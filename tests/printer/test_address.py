import pytest

from printer.address import PrinterAddress, parse_address


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("tcp://192.168.1.50:9100", "192.168.1.50", 9100),
        ("tcp://printer-lobi", "printer-lobi", 9100),
        (" tcp://localhost:19100/ ", "localhost", 19100),
        ("tcp://[fe80::1]:9101", "fe80::1", 9101),
    ],
)
def test_reads_an_address(text: str, host: str, port: int) -> None:
    assert parse_address(text) == PrinterAddress(host, port)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "must begin with tcp"),
        ("192.168.1.50:9100", "must begin with tcp"),
        ("http://host:9100", "must begin with tcp"),
        ("tcp://", "names no host"),
        ("tcp://:9100", "names no host"),
        ("tcp://user@host:9100", "names no host"),
        ("tcp://host:0", "port 0"),
        ("tcp://host:99999", "99999|Port out of range"),
        ("tcp://host:abc", "abc"),
        ("tcp://host:9100/queue", "ends with too much"),
        ("tcp://host:9100?x=1", "ends with too much"),
        ("tcp://[fe80::1:9100", "Invalid IPv6"),
    ],
)
def test_says_what_is_wrong_and_how_to_write_it(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as refused:
        parse_address(text)
    assert "tcp://192.168.1.50:9100" in str(refused.value)


@pytest.mark.parametrize("text", ["tcp://host:9100", "tcp://[::1]:9100"])
def test_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_address(text)) == text


def test_remembers_that_a_model_never_answers() -> None:
    assert not parse_address("tcp://host", reports_status=False).reports_status
