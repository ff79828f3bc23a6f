"""In which states each button of the console may be pressed, as the rules have it.

States of the counter itself (idle, paused, closed, taken) are the page's own words
(``view.js``); what follows from them stands in the template.
"""

from app.queueing.commands.serving import SERVE_NEXT_FROM
from app.queueing.states import AT_A_COUNTER, COMMANDS
from app.web.button_states import state_words, states_of

OF_VISITOR = {
    name: states_of(name, AT_A_COUNTER)
    for name in (
        *("start", "recall", "return", "no_show", "serve", "park", "transfer"),
        "undo",
    )
} | {"serve_next": SERVE_NEXT_FROM.value}
"""Command → the states of the counter's visitor in which it is allowed."""

OF_ROW = {
    **{name: states_of(name) for name in ("resume", "take", "requeue")},
    # whoever is parked is resumed, which is a call as well
    "call": state_words(COMMANDS["call"].from_states - COMMANDS["resume"].from_states),
}
"""Command → the states of a row, waiting or set aside, in which it is allowed."""
