"""What is said in the hall (local-facts.md#the-spoken-call, voice.md#words).

Speech is no screen text: its grammar belongs to the language of the voice, so it
lives here and not in the message catalogue.
"""

from app.queueing.speech.calls import call_phrases, call_text, sentences
from app.queueing.speech.languages import Language, Mode, language_of
from app.queueing.speech.reading import spoken_words
from app.queueing.speech.spelling import for_voice

__all__ = [
    "Language",
    "Mode",
    "call_phrases",
    "call_text",
    "for_voice",
    "language_of",
    "sentences",
    "spoken_words",
]
