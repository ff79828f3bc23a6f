"""A printer behind a device file, such as `/dev/usb/lp0`."""

import os
import stat

from printer.address import FileAddress
from printer.silence import Deadlines
from printer.transports.channel import LinkFailure
from printer.transports.descriptor import DescriptorChannel, open_descriptor
from printer.transports.serial_line import make_raw

CHUNK = 4096
_MEMORY_MAJOR, _TERMINAL_MAJOR = 1, 5
"""Linux's numbers for `/dev/null` and its like, and for `/dev/tty` and `console`."""


async def open_device(address: FileAddress, deadlines: Deadlines) -> DescriptorChannel:
    """Open a device file or a pipe; LinkFailure `unreachable` for anything else.

    A plain file is no printer: it is what is left where a program that makes
    its files printed while the device was away, and jobs would "succeed".
    `/dev/null` swallows them likewise. A pipe cannot answer, whatever is expected
    of it.
    """
    wants_answers = address.reports_status and not _is_pipe(address.path)
    flags = os.O_RDWR if wants_answers else os.O_WRONLY
    descriptor = await open_descriptor(address.path, flags, deadlines)
    file_stat = os.fstat(descriptor)
    if not _is_printer_like(file_stat):
        os.close(descriptor)
        raise LinkFailure("unreachable", "not-a-printer")
    if os.isatty(descriptor):
        make_raw(descriptor)
    can_answer = wants_answers and stat.S_ISCHR(file_stat.st_mode)
    return DescriptorChannel(
        descriptor, address.path, chunk=CHUNK, can_answer=can_answer
    )


def _is_printer_like(file_stat: os.stat_result) -> bool:
    if stat.S_ISCHR(file_stat.st_mode):
        return os.major(file_stat.st_rdev) not in (_MEMORY_MAJOR, _TERMINAL_MAJOR)
    return stat.S_ISFIFO(file_stat.st_mode)


def _is_pipe(path: str) -> bool:
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)  # noqa: PTH116
    except OSError:
        return False
