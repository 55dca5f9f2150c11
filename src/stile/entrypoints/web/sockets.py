"""What the two sockets share: who may open one, how large a message may be, and how a page is answered.

Messages: text is small JSON; bytes are one JPEG frame. A socket is accepted before it is refused, because browsers
hide the reason of a refused handshake from the page.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from stile.config import Settings
from stile.entrypoints.web.closed import Closed
from stile.entrypoints.web.security import is_own_origin

LARGEST_MESSAGE = 2 * 1024 * 1024
"""Bytes of one frame. `stile serve` gives the same bound to uvicorn, which then cuts larger ones off earlier."""
LARGEST_TEXT = 1024

__all__ = ["LARGEST_MESSAGE", "LARGEST_TEXT", "Closed", "Line", "pick_up"]


@dataclass(slots=True)
class Line:
    """One open socket. Sending is safe from several tasks."""

    socket: WebSocket
    _turn: anyio.Lock = field(default_factory=anyio.Lock)

    async def say(self, message: Mapping[str, Any]) -> None:
        """Says nothing when the page is gone: `hear` is where that is noticed."""
        async with self._turn:
            if self.socket.client_state is self.socket.application_state is WebSocketState.CONNECTED:
                with suppress(WebSocketDisconnect):
                    await self.socket.send_text(json.dumps(message, ensure_ascii=False))

    async def hear(self) -> bytes | dict[str, Any]:
        """A frame, or what was asked. Raises WebSocketDisconnect when the page is gone or was not understood."""
        message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        if (
            self.socket.application_state is not WebSocketState.CONNECTED
        ):  # we hung up: what still comes is unheard
            raise WebSocketDisconnect(Closed.WHO_ARE_YOU)
        frame = message.get("bytes")
        if frame is not None:
            if len(frame) > LARGEST_MESSAGE:
                await self.hang_up(Closed.TOO_LARGE)
            return bytes(frame)
        return await self._understood(message.get("text") or "")

    async def hang_up(self, code: Closed) -> None:
        """Ends the line. Raises WebSocketDisconnect always, so that nobody goes on talking."""
        async with self._turn:
            if self.socket.client_state is self.socket.application_state is WebSocketState.CONNECTED:
                with suppress(WebSocketDisconnect):
                    await self.socket.close(code)
        raise WebSocketDisconnect(code)

    async def _understood(self, text: str) -> dict[str, Any]:
        if len(text) > LARGEST_TEXT:
            await self.hang_up(Closed.TOO_LARGE)
        try:
            asked = json.loads(text)
        except (ValueError, RecursionError):  # brackets within brackets, a thousand deep
            asked = None
        if not isinstance(asked, dict) or not isinstance(asked.get("ask"), str):
            await self.hang_up(Closed.NOT_UNDERSTOOD)
        assert isinstance(asked, dict)
        return asked


async def pick_up(socket: WebSocket, settings: Settings) -> Line:
    """Accepts the socket. Raises WebSocketDisconnect when another site's page opened it, or none that says so."""
    await socket.accept()
    line = Line(socket)
    if not is_own_origin(socket.headers.get("origin"), socket, settings):
        await line.hang_up(Closed.FOREIGN)
    return line
