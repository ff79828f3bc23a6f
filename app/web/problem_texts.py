"""What each problem code means to a person: a title, and what to do next.

The texts are marked for the catalogue (`errors.po`) and translated where they are
shown. A test holds this table to every code that the product can answer with.
"""

from app.web.i18n import N_

PLAIN = (
    N_("This did not work"),
    N_("Please try again. If it happens again, ask the staff for help."),
)
"""For a code without words of its own; for a person it is never a code alone."""

_SIGN_IN = N_("Sign in, then try again.")
_ASK_STAFF = N_("Please ask the staff for help.")
_LOOK_AGAIN = N_("The page now shows how things stand. Look, then decide again.")
_SAFE_REPEAT = N_("Nothing was changed. Please try again in a moment.")
_COME_BACK = N_("Choose another service, or come back during opening hours.")
_REPORT = N_("Reload the page. If it happens again, tell your administrator.")

TEXTS: dict[str, tuple[str, str]] = {
    # Who may
    "unauthenticated": (N_("You are not signed in"), _SIGN_IN),
    "bad-credentials": (
        N_("The user name or the password is wrong"),
        N_("Check both and try again. In the password capital letters count."),
    ),
    "forbidden": (
        N_("You may not do this"),
        N_("Ask your supervisor if it belongs to your work."),
    ),
    "cross-site": (
        N_("This came from another site"),
        N_("Open Antrean in this browser itself and try again there."),
    ),
    "too-many-attempts": (
        N_("Too many attempts"),
        N_("Wait a minute, then try again."),
    ),
    "too-many-pairings": (
        N_("Too many screens are waiting to be paired"),
        N_("Approve or refuse some of them first, then reload this page."),
    ),
    "pairing-not-approved": (
        N_("This screen is not paired yet"),
        N_("Enter the code that it shows in the administration."),
    ),
    # Accounts
    "weak-password": (
        N_("This password is too easily guessed"),
        N_(
            "Choose another: 10 characters or more, not the user name, and none that"
            " everybody uses. Several words together are good."
        ),
    ),
    "username-taken": (
        N_("This user name is taken"),
        N_(
            "Choose another. Capital letters and letters that look alike make no"
            " difference."
        ),
    ),
    "last-admin": (
        N_("This is the last administrator"),
        N_("Make somebody else an administrator first."),
    ),
    # Requests
    "not-found": (
        N_("There is nothing here"),
        N_("The address may be mistyped, or what it showed is over."),
    ),
    "method-not-allowed": (N_("This address does not do that"), _REPORT),
    "invalid": (
        N_("Something is missing or mistyped"),
        N_("Check what you entered and send it again."),
    ),
    "import-failed": (
        N_("The file was not imported"),
        N_("Nothing was changed. Mend the lines that are named and try again."),
    ),
    "config-changed": (
        N_("The mall was changed meanwhile"),
        N_("Nothing was changed now. Look at the mall again, then decide."),
    ),
    "too-large": (
        N_("That is too much at once"),
        N_("Send something smaller."),
    ),
    "unsupported-media-type": (N_("The form was sent in an unknown way"), _REPORT),
    "key-required": (N_("The request had no key"), _REPORT),
    "key-reused": (N_("The same request was sent with other content"), _REPORT),
    # How the server stands
    "too-many": (
        N_("Too many in too short a time"),
        N_("Wait a moment; the staff can help too."),
    ),
    "busy": (N_("The server is very busy"), _SAFE_REPEAT),
    "not-durable": (N_("It could not be saved"), _SAFE_REPEAT),
    "database-damaged": (N_("The data store is damaged"), _ASK_STAFF),
    "not-ready": (
        N_("The server is starting"),
        N_("Wait a moment; the page tries again by itself."),
    ),
    "internal": (N_("Something went wrong in the server"), _ASK_STAFF),
    "no-connection": (
        N_("No connection to the server"),
        N_("It is not known whether this was done. Repeating it is safe."),
    ),
    # Tickets and counters
    "refused": PLAIN,
    "stale": (N_("Somebody else was faster"), _LOOK_AGAIN),
    "wrong-state": (N_("The ticket does not allow this now"), _LOOK_AGAIN),
    "too-early": (N_("It is too early for this"), N_("Wait a few seconds.")),
    "counter-busy": (
        N_("The counter still has a visitor"),
        N_("Finish with the present visitor first."),
    ),
    "counter-taken": (
        N_("Somebody else holds this counter"),
        N_("Choose another counter, or ask them to close it."),
    ),
    "counter-not-open": (
        N_("The counter is not open"),
        N_("Open the counter first."),
    ),
    "counter-paused": (
        N_("The counter is paused"),
        N_("End the pause first."),
    ),
    "ticket-busy": (
        N_("The visitor is at another counter"),
        N_("The ticket keeps its place here. Call somebody else meanwhile."),
    ),
    "undo-blocked": (
        N_("This can no longer be undone"),
        N_("Something has happened to the ticket since. Use the usual commands."),
    ),
    "no-counter": (
        N_("No counter could ever call this"),
        N_("Choose a service that has a counter."),
    ),
    "no-printer": (
        N_("There is no printer for this"),
        N_("Choose the printer where the slip shall come out."),
    ),
    "still-printing": (
        N_("A slip of this number is being printed"),
        N_("Wait a few seconds, then look whether it came out."),
    ),
    "grace-over": (
        N_("The time for coming back is over"),
        N_("Please take a new number, or ask the reception."),
    ),
    "requeues-used-up": (
        N_("You have come back to the line before"),
        N_("Please ask the reception for help."),
    ),
    "already-waiting": (
        N_("The ticket is in that line already"),
        N_("Choose another service, or leave it as it is."),
    ),
    "number-taken": (
        N_("This number was given already today"),
        N_("Check the number on the slip."),
    ),
    "evacuation": (
        N_("The building is being left"),
        N_("No numbers are given and nobody is called. Follow the staff's directions."),
    ),
    "clock-in-doubt": (
        N_("The date of the server is in doubt"),
        N_("No numbers are given until an administrator has confirmed the date."),
    ),
    # Availability: why a service gives no numbers now
    "site-hours": (N_("The hall is closed now"), _COME_BACK),
    "agency-hours": (N_("The agency is closed now"), _COME_BACK),
    "service-hours": (N_("The service is closed now"), _COME_BACK),
    "break": (
        N_("The service is on a break"),
        N_("Come back after the break, or choose another service."),
    ),
    "holiday": (N_("Today is a holiday"), N_("Come back on a working day.")),
    "last-ticket": (
        N_("The last number for today has been given"),
        N_("Come earlier on another day; the staff can tell you when."),
    ),
    "quota": (
        N_("All numbers for today are taken"),
        N_("Come earlier on another day; the staff can tell you when."),
    ),
    "absent": (
        N_("The officer is absent today"),
        N_("Ask the staff when the service will be given again."),
    ),
    "by-hand": (
        N_("The service is closed for the moment"),
        N_("Ask the staff when it opens again."),
    ),
    "at-reception": (
        N_("This number is given at the reception only"),
        N_("Please go to the reception desk."),
    ),
}
"""Problem code (contract.md), or a wording that tells more → title and advice."""
