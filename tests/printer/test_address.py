import pytest

from printer.address import BadAddress, SerialAddress, TcpAddress, parse_address


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
    assert parse_address(text) == TcpAddress(host, port)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "must begin with tcp"),
        ("192.168.1.50:9100", "must begin with tcp"),
        ("http://host:9100", "must begin with tcp"),
        ("tcp://", "names no host"),
        ("tcp://:9100", "names no host"),
        ("tcp://user@host:9100", "names no host"),
        ("tcp://host:0", "number from 1 to 65535"),
        ("tcp://host:99999", "number from 1 to 65535"),
        ("tcp://host:abc", "number from 1 to 65535"),
        ("tcp://host:9100/queue", "ends with too much"),
        ("tcp://host:9100?x=1", "ends with too much"),
        ("tcp://[fe80::1:9100", "IPv6 stands in brackets"),
    ],
)
def test_says_what_is_wrong_and_how_to_write_it(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as refused:
        parse_address(text)
    assert "tcp://192.168.1.50:9100" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("lpt1", "harus diawali tcp://"),
        ("tcp://", "tidak menyebut"),
        ("tcp://host:0", "port harus"),
        ("tcp://[fe80::1", "IPv6"),
        ("serial:///dev/ttyS0?speed=9600", "tidak ada yang bernama speed"),
        ("serial:///dev/ttyS0?flow=dsrdtr", "flow salah satu dari"),
        ("file://dev/usb/lp0", "tiga garis miring"),
        ("usb://04b8", "kode pembuat"),
    ],
)
def test_says_it_in_indonesian_too(text: str, complaint: str) -> None:
    with pytest.raises(BadAddress) as refused:
        parse_address(text)

    message = refused.value.in_language("id")
    assert f"Alamat printer {text!r} tidak dapat dipakai: " in message
    assert complaint in message
    assert " Tulis seperti " in message


@pytest.mark.parametrize("text", ["tcp://host:9100", "tcp://[::1]:9100"])
def test_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_address(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "serial:///dev/ttyUSB0?baud=9600",
        "serial:///dev/ttyS1?baud=19200&parity=even&flow=rtscts",
        "file:///dev/usb/lp0",
        "usb://04b8:0e15",
        "usb://04b8:0e15/J3KL001",
    ],
)
def test_is_written_as_it_was_read_on_this_machine(text: str) -> None:
    assert str(parse_address(text)) == text


def test_takes_the_usual_speed_for_a_line_without_one() -> None:
    assert parse_address("serial:///dev/ttyS0") == SerialAddress("/dev/ttyS0", 9600)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("serial://dev/ttyS0", "three slashes"),
        ("serial:///", "three slashes"),
        ("serial:///dev/ttyS0?baud=fast", "baud is not a number"),
        ("serial:///dev/ttyS0?baud=0", "baud is not a number"),
        ("serial:///dev/ttyS0?parity=mark", "parity is one of"),
        ("serial:///dev/ttyS0?flow=dsrdtr", "flow is one of"),
        ("serial:///dev/ttyS0?speed=9600", "nothing is called speed"),
        ("file://dev/usb/lp0", "three slashes"),
        ("file:///dev/usb/lp0?x=1", "ends with too much"),
        ("file:///dev/usb/lp0#1", "ends with too much"),
        ("usb://", "maker and model"),
        ("usb://epson:tm20", "maker and model"),
        ("usb://04b8", "maker and model"),
        ("usb://04b8:0e15/a/b", "ends with too much"),
        ("usb://04b8:0e15?x=1", "ends with too much"),
    ],
)
def test_shows_how_to_write_an_address_of_that_kind(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as refused:
        parse_address(text)
    assert f"Write it like {text.partition('://')[0]}://" in str(refused.value)


def test_remembers_that_a_model_never_answers() -> None:
    assert not parse_address("tcp://host", reports_status=False).reports_status
