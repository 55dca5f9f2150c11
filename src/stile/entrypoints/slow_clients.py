"""Connections that send nothing, or their headers drop by drop, are closed: uvicorn waits for them for ever, and each
holds one of the files that the process may open.

Source: OWASP, Denial of Service Cheat Sheet (slow HTTP).
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_WITHIN = 10.0
"""Seconds from the first byte of a request, or from the connection, to the last byte of its headers."""


class ImpatientProtocol(H11Protocol):
    _headers_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_headers()

    def data_received(self, data: bytes) -> None:
        if self._headers_due is None and self._is_idle():
            self._await_headers()
        super().data_received(data)
        if not self._is_idle():
            self._headers_came()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._headers_came()  # another protocol has the connection from here on, with its own signs of life
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._headers_came()
        super().connection_lost(exc)

    def _is_idle(self) -> bool:
        """Whether no request is being answered: its headers have not all come."""
        return self.cycle is None or self.cycle.response_complete

    def _await_headers(self) -> None:
        self._headers_due = self.loop.call_later(HEADERS_WITHIN, self._give_up)

    def _headers_came(self, *_: Any) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _give_up(self) -> None:
        self._headers_due = None
        if self._is_idle() and not self.transport.is_closing():
            self.transport.close()
