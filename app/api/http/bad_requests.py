"""Requests that are no HTTP at all get a problem document too."""

import json

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# in English: where no header was read, nobody has said their language
_BODY = json.dumps(
    {
        "type": "about:blank",
        "title": "This is not a valid HTTP request",
        "status": 400,
        "code": "invalid",
        "detail": "The request line or a header could not be read.",
    }
).encode()
_ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\n"
    b"content-type: application/problem+json\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_BODY), _BODY)
)


class ProblemHttpProtocol(HttpToolsProtocol):
    """uvicorn's HTTP, but for the answer to what cannot be read."""

    def send_400_response(self, msg: str) -> None:
        """Answer with a problem document and close, whatever ``msg`` says."""
        self.logger.debug("unreadable request: %s", msg)
        self.transport.write(_ANSWER)
        self.transport.close()
