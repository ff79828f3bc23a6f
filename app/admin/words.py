"""What the administration's short answers and the printers' states mean, in words.

The texts are marked for the catalogue (``admin.po``) and translated in the page.
"""

from app.importing.public_url import LINK_LOCAL, NO_ADDRESS, THIS_MACHINE
from app.web.i18n import N_

PRINT_STATES = {
    "queued": (N_("Waits for the printer"), "info", "clock"),
    "sending": (N_("Being sent"), "info", "transfer"),
    "printed": (N_("Slip printed"), "success", "check"),
    "sent": (N_("Sent; this printer cannot confirm"), "info", "check"),
    "failed": (N_("Slip not printed"), "danger", "cross"),
    "unknown": (N_("Not known whether it came out"), "warning", "warning"),
}
"""Print state (changes.md#printing) → words, tone, pictogram."""

PRINT_REASONS = {
    "paper-end": N_("The roll is empty. Put in a new one, print side to the head."),
    "cover-open": N_("The cover is not shut. Press it until it clicks on both sides."),
    "cutter": N_("The knife is stuck. Switch off, free the paper, switch on."),
    "error": N_("The printer reports a fault. Switch it off, wait, switch it on."),
    "offline": N_("It is offline at its own buttons. Press its feed or online button."),
    "unreachable": N_("Nothing listens at its address. Check power, cable, address."),
    "no-answer": N_(
        "It takes bytes and answers nothing. Another program may hold it, or this "
        "model cannot tell its state."
    ),
    "garbled": N_("Its answers make no sense. Switch it off and on."),
    "stalled": N_("It stopped in the middle. Look whether a slip came out."),
    "connection-lost": N_("The connection broke. Look whether a slip came out."),
    "server-restart": N_(
        "The server was restarted while sending. Look whether a slip came out."
    ),
    "agent-restart": N_(
        "The print agent was restarted while printing. Look whether a slip came out."
    ),
    "too-late": N_("It waited too long for the server. The visitor has gone."),
    "bad-address": N_("Its address makes no sense. Correct the import file."),
    "internal": N_(
        "An error in Antrean broke it off. Look whether a slip came out; tell your "
        "technician."
    ),
    "not-rendered": N_("The slip could not be made. Tell your technician."),
    "no-ticket": N_("The ticket no longer exists."),
}
"""Reason of a print job's end → meaning, advice (printers.md#how-a-print-job-ends)."""

PRINTER_STATES = {
    "ready": N_("Ready"),
    "cannot-tell": N_("Takes slips; cannot tell more"),
    "unheard": N_("Not heard of yet"),
    "failing": N_("Cannot print"),
}
"""How a printer stands (``app.queueing.views.printers``) → words."""

ALARMS = PRINT_REASONS | {
    "near-end": N_("The roll is near its end. Have a new one ready."),
    "agent-away": N_("Its print agent is away. Is that PC on, and on the network?"),
    "unknown-jobs": N_("Nobody knows whether these slips came out. Look, or reprint:"),
}
"""What a person must come for → what to do."""

PLAIN_REASON = N_("The printer gave no reason that is known here.")

REFUSALS = {
    "no-code": N_("No screen shows this code. It may be mistyped or over: look again."),
    "other-kind": N_(
        "The screen with this code is of another kind: a kiosk is no display. "
        "Choose a fitting device."
    ),
    "no-device": N_("Choose which device this screen is."),
    "bad-code": N_("A code has six letters and digits, such as 7K3F2M."),
    "bad-time": N_("Write a time such as 14:00."),
    "past-time": N_("This time is over. Choose a later one today."),
    "no-printer": N_("There is no such printer any more. Choose another."),
    "bad-note": N_("A note has at most 200 characters, in one line."),
}
"""Why a form was not taken: shown beside the field."""

PUBLIC_URL_WORDS = {
    THIS_MACHINE: N_("With this address each phone looks for the page on itself."),
    NO_ADDRESS: N_("This is the address of no machine."),
    LINK_LOCAL: N_(
        "A machine gives itself such an address where no network gives one."
    ),
}
"""Why few phones open the site's public address, by the warning's code."""
