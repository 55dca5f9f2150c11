"""Which screens of this process are connected at this moment: one line each. Whoever connects with the same token takes
the line over, and the other is told so.

To refuse the newer one instead would keep a screen out after its line broke unnoticed; to take over in silence would
let somebody who copied a token sit beside the screen. So it is taken over, the screen that lost its line says so and
does not fight for it, and the desk is told.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import anyio.from_thread
from starlette.websockets import WebSocketDisconnect

from stile.domain.ids import DeviceId
from stile.entrypoints.web.closed import Closed


class Line(Protocol):
    async def hang_up(self, code: Closed) -> None:
        """Raises WebSocketDisconnect always."""
        ...


class OpenLines:
    """Written from the event loop only."""

    def __init__(self) -> None:
        self._lines: dict[DeviceId, Line] = {}

    @asynccontextmanager
    async def hold(self, device: DeviceId, line: Line) -> AsyncIterator[bool]:
        """Holds the device's one line while the block runs. Gives whether it was taken from another that was up."""
        before = self._lines.get(device)
        self._lines[device] = line
        if before is not None:
            await _end(before, Closed.TAKEN_OVER)
        try:
            yield before is not None
        finally:
            if self._lines.get(device) is line:
                del self._lines[device]

    def connected(self) -> frozenset[DeviceId]:
        return frozenset(self._lines)

    def end(self, devices: Iterable[DeviceId]) -> None:
        """From a view, which runs in a thread: their tokens were revoked, so their lines end now."""
        for device in devices:
            line = self._lines.get(device)
            if line is not None:
                anyio.from_thread.run(_end, line, Closed.WHO_ARE_YOU)


async def _end(line: Line, code: Closed) -> None:
    # A page that does not answer must keep neither the new line nor the desk waiting: it was told all the same.
    with suppress(WebSocketDisconnect), anyio.move_on_after(1):  # that is how `hang_up` ends
        await line.hang_up(code)
