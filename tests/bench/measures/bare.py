"""What the same server can do at best: a route and a broadcast that do nothing."""

from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import HTMLResponse
from pydantic import BaseModel
from starlette.websockets import WebSocketDisconnect

ECHO = """\
<!doctype html>
<p data-field="number"></p>
<script>
  const field = document.querySelector("p");
  const socket = new WebSocket(`ws://${location.host}/api/v1/live`);
  socket.onopen = () => { field.dataset.isConnected = ""; };
  socket.onmessage = ({ data }) => {
    const { calls } = JSON.parse(data.slice(data.indexOf("{"))).data;
    field.textContent = calls[0].number;
  };
</script>
"""
app = FastAPI()
watching: set[WebSocket] = set()


class TicketRequest(BaseModel):
    """The body of POST /api/v1/tickets, without its rules."""

    service_ids: list[int] = []
    people: int = 1
    priority: str = "regular"
    language: str = "id"


@app.post("/{path:path}", status_code=201)
async def echo(path: str, body: TicketRequest) -> TicketRequest:
    """JSON in, a model, JSON out: what any route costs."""
    return body


@app.get("/echo")
async def echo_page() -> HTMLResponse:
    """Return a page that shows the newest number of whatever board it is sent."""
    return HTMLResponse(ECHO)


@app.put("/broadcast")
async def broadcast(request: Request) -> Response:
    """Send the body to every socket, one after the other."""
    text = (await request.body()).decode()
    for websocket in list(watching):
        await websocket.send_text(text)
    return Response(status_code=200)


@app.websocket("/api/v1/live")
async def live(websocket: WebSocket) -> None:
    """Hold a socket for the broadcast."""
    await websocket.accept()
    watching.add(websocket)
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        watching.discard(websocket)
