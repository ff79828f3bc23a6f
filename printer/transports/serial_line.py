"""A printer on a serial line, by the system's own terminal calls.

No package is needed for that on Linux, and the line never blocks: pyserial's
write has no deadline unless told (escpos.md#lines-that-outlive-a-job).
"""

import os

from printer.address import SerialAddress
from printer.silence import Deadlines
from printer.transports.channel import LinkFailure
from printer.transports.descriptor import IS_POSIX, DescriptorChannel, open_descriptor

if IS_POSIX:
    import termios

CHUNK = 256  # bytes; at 1200 baud these take 2 s


async def open_serial(
    address: SerialAddress, deadlines: Deadlines
) -> DescriptorChannel:
    """Open a serial line, raw and at its speed, with nothing left from before.

    LinkFailure `unreachable` with its cause when that cannot be.
    """
    descriptor = await open_descriptor(address.device, os.O_RDWR, deadlines)
    try:
        make_raw(descriptor, address)
    except LinkFailure:
        os.close(descriptor)
        raise
    except (termios.error, OSError) as error:
        os.close(descriptor)
        raise LinkFailure("unreachable", "not-a-printer") from error
    return DescriptorChannel(descriptor, address.device, chunk=CHUNK)


def make_raw(descriptor: int, address: SerialAddress | None = None) -> None:
    """Let every byte through as it is; with an address also set speed and shape."""
    _, _, cflag, _, in_speed, out_speed, special = termios.tcgetattr(descriptor)
    iflag = termios.IGNBRK
    cflag |= termios.CREAD | termios.CLOCAL  # do not wait for a modem
    if address is not None:
        cflag = _control_flags(cflag, address)
        in_speed = out_speed = _speed(address.baud)
        if address.flow == "xonxoff":
            iflag |= termios.IXON | termios.IXOFF
    special[termios.VMIN], special[termios.VTIME] = 1, 0
    termios.tcsetattr(
        descriptor,
        termios.TCSANOW,
        [iflag, 0, cflag, 0, in_speed, out_speed, special],
    )
    termios.tcflush(descriptor, termios.TCIOFLUSH)


def _control_flags(cflag: int, address: SerialAddress) -> int:
    """Eight data bits, one stop bit, and the parity and flow that are asked for."""
    cflag &= ~(termios.CSIZE | termios.CSTOPB | termios.CRTSCTS)
    cflag &= ~(termios.PARENB | termios.PARODD)
    cflag |= termios.CS8
    if address.parity != "none":
        cflag |= termios.PARENB
    if address.parity == "odd":
        cflag |= termios.PARODD
    if address.flow == "rtscts":
        cflag |= termios.CRTSCTS
    return cflag


def _speed(baud: int) -> int:
    speed = getattr(termios, f"B{baud}", None)
    if not isinstance(speed, int):
        raise LinkFailure("unreachable", "bad-speed")
    return speed
