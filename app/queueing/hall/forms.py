"""In which form a call is spoken: shorter where many wait for the voice.

A pure rule of how many are waiting: each is to be spoken within a minute
(hall.md#under-load).
"""

import re
from datetime import timedelta
from enum import StrEnum

SPOKEN_WITHIN = timedelta(seconds=60)


class CallForm(StrEnum):
    """A whole sentence, or number and place alone."""

    SENTENCE = "sentence"
    SHORT = "short"


SECONDS = {CallForm.SENTENCE: 7.0, CallForm.SHORT: 5.0}
"""Of each, with the chime and the pause behind it; measured with the quick voice."""

_CARRIER = re.compile(r"\b(?:nomor antrean,?|silakan menuju)\s+", re.IGNORECASE)


def form_under_load(waiting: int) -> CallForm:
    """Return the form of a call before which so many wait to be spoken.

    Most of the minute is kept for those who come meanwhile.
    """
    delay = timedelta(seconds=waiting * SECONDS[CallForm.SENTENCE])
    return CallForm.SENTENCE if delay <= SPOKEN_WITHIN / 4 else CallForm.SHORT


def in_form(caption: str, form: CallForm) -> str:
    """Return a call's caption in a form: the second call is said as such in each."""
    return caption if form == CallForm.SENTENCE else _CARRIER.sub("", caption)
