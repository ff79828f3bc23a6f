"""From the ledger's answers to HTTP."""

from fastapi import Response

from app.ledger import Answer


def respond(answer: Answer) -> Response:
    """Send an answer as the ledger wrote it: a repeat is the same to the byte."""
    if answer.text is None:
        return Response(status_code=204)
    return Response(answer.text, answer.status, media_type="application/json")
