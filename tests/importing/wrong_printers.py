"""Every kind of wrong line about printers and print agents."""

from tests.importing.conftest import SMALL, edited

WRONG_PRINTERS = {
    "a printer that is none": (
        edited(("printer: P1", "printer: P3")),
        "line 42, kiosks.K1.printer: P3 is not among the printers",
    ),
    "a printer's address without a host": (
        edited(("tcp://127.0.0.1:9101", "'tcp://'")),
        "line 40, printers.P2.address: Printer address 'tcp://' cannot be used: it"
        " names no host. Write it like tcp://192.168.1.50:9100.",
    ),
    "a printer's device without its path": (
        edited(("tcp://127.0.0.1:9101", "serial://ttyUSB0")),
        "line 40, printers.P2.address: Printer address 'serial://ttyUSB0' cannot be"
        " used: it needs three slashes and the path of the device. Write it like"
        " serial:///dev/ttyUSB0?baud=9600.",
    ),
    "a USB printer without its model": (
        edited(("tcp://127.0.0.1:9101", "usb://04b8")),
        "line 40, printers.P2.address: Printer address 'usb://04b8' cannot be used: it"
        " needs maker and model, four hexadecimal digits each. Write it like"
        " usb://04b8:0e15.",
    ),
    "a printer that nothing leads to": (
        edited((", address: tcp://127.0.0.1:9101", "")),
        "line 40, printers.P2: needs an address or a print agent",
    ),
    "a sibling that is none": (
        edited(("paper: 58mm", "sibling: P3")),
        "line 40, printers.P2.sibling: P3 is not among the printers",
    ),
    "a sibling of itself": (
        edited(("paper: 58mm", "sibling: P2")),
        "line 40, printers.P2.sibling: a printer is no sibling of itself",
    ),
    "a print agent beside no printer": (
        SMALL + "print_agents:\n  - {code: AGEN, name: PC, printer: P3}\n",
        "line 44, print_agents.AGEN.printer: P3 is not among the printers",
    ),
    "two print agents beside one printer": (
        SMALL
        + "print_agents:\n  - {code: AGEN, name: PC, printer: P2}\n"
        + "  - {code: AGEN-2, name: PC 2, printer: P2}\n",
        "line 45, print_agents.AGEN-2.printer: P2 has its print agent on line 44",
    ),
    "a print agent's code that is a kiosk's": (
        SMALL + "print_agents:\n  - {code: K1, name: PC, printer: P2}\n",
        "line 44, print_agents.K1.code: K1 is already used on line 42",
    ),
    "paper that is none": (
        edited(("paper: 58mm", "paper: A4")),
        "line 40, printers.P2.paper: must be one of 80mm, 80mm-full-cut, "
        "80mm-tear-bar, 80mm-plain, 58mm, 58mm-cutter, not 'A4'",
    ),
    "a status that is neither true nor false": (
        edited(("paper: 58mm", "reports_status: maybe")),
        "line 40, printers.P2.reports_status: must be true or false, not 'maybe'",
    ),
}
