"""The kiosk's line. Asks before it looks: a frame that arrives outside an attempt is dropped as it came, and is
never decoded (laws 1 and 3); only where standing in the lane's zone is the way to ask, faces are found in it, and
forgotten unless one stands there. One attempt at a time; it ends with its decision, with the line, or with its time.

    page:   {"ask": "face"}   {"ask": "face", "number": "…"}   {"ask": "card", "number": "…"}   {"ask": "stop"}
            {"ask": "pin", "number": "…", "pin": "…"}   {"ask": "pass", "code": "…"}
            or the bytes of one JPEG; with "waited": milliseconds since the person chose this way
    answer: {"looking": {"good": 1, "needed": 3, "advice": "…" or null, "turn": "left", "right" or null}}
            {"watched": {"standing": false}} to a frame outside an attempt, where standing in the zone asks
            {"concluded": {"method": "face", "outcome": "admit|refuse|refer", "headline": "…", "detail": "…",
                           "offers": ["card", "pin", "pass"]}}
            {"lane": {"face": true, "ask": "touch|zone|card first"}} at the start, after each conclusion and every
            few seconds
"""

import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TypeVar

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from stile.application.attempt import Attempt, Looking
from stile.application.gate import Concluded
from stile.domain.devices import Device
from stile.domain.errors import BadPicture, NotFound
from stile.domain.passage import Method, Refer, ReferReason
from stile.domain.places import Ask, Lane
from stile.domain.tracking import Place
from stile.domain.zone import DWELL, Watch
from stile.entrypoints.web import words
from stile.entrypoints.web.context import Web, web_of
from stile.entrypoints.web.security import KIOSK_COOKIE
from stile.entrypoints.web.sockets import Closed, Line, pick_up
from stile.ports import News, Topic

BEAT = 10.0
"""Seconds between signs of life. The page takes the line for dead after two missed ones."""
PATIENCE = 1.5
"""Seconds that a card waits for a frame that is being looked at, before it goes ahead without it (law 4)."""
LONGEST_CARD = 64
LONGEST_PASS = 256
LONGEST_WAIT = 600_000.0

BROKEN = Concluded(Refer(ReferReason.CANNOT_RECORD), None)
"""What is told when not even the use case could answer: see reception."""

T = TypeVar("T")
U = TypeVar("U")
log = logging.getLogger(__name__)
router = APIRouter()


@router.websocket("/kiosk/{slug}/ws")
async def kiosk_line(socket: WebSocket, slug: str) -> None:
    """The line of a paired screen: what was asked, frames and answers."""
    web = web_of(socket)
    try:
        line = await pick_up(socket, web.site.settings)
        known = await to_thread.run_sync(_recognise, web, slug, socket.cookies.get(KIOSK_COOKIE))
        if known is None:
            await line.hang_up(Closed.WHO_ARE_YOU)
        else:
            await KioskLine(web, line, *known).serve()
    except WebSocketDisconnect:
        return


def _recognise(web: Web, slug: str, token: str | None) -> tuple[Lane, Device] | None:
    try:
        lane = web.site.setup.lane(slug)
    except NotFound:
        return None
    device = web.site.kiosks.recognise(lane, token)
    return (lane, device) if device else None


class KioskLine:
    def __init__(self, web: Web, line: Line, lane: Lane, device: Device) -> None:
        self._web, self._site, self._line = web, web.site, line
        self._lane, self._device = lane, device
        self._attempt: Attempt | None = None
        self._heard = self._chosen = 0.0
        self._watch = Watch()
        self._beginning = anyio.Lock()
        self._seen = anyio.Event()
        self._seen.set()

    async def serve(self) -> None:
        """Until the page goes; what it was looking for then is given up and recorded."""
        hold = self._web.open_lines.hold(self._device.id, self._line)
        async with hold as taken_over, anyio.create_task_group() as tasks:
            with self._web.lanes.screen(self._lane.id):
                if taken_over:
                    self._tell_the_desk()
                tasks.start_soon(self._while_up, self._beat())
                try:
                    await self._listen(tasks)
                except WebSocketDisconnect:
                    pass
                finally:
                    with anyio.CancelScope(shield=True):
                        await self._give_up()
                    tasks.cancel_scope.cancel()

    def _tell_the_desk(self) -> None:
        """Somebody may have copied this screen's token, and sits beside it."""
        self._site.board.post(
            News(
                Topic.STAFF_NEEDED,
                self._lane.id,
                f"The screen “{self._device.name}” was opened in a second place. If that was not you, end it in the"
                " console, at Devices, and pair it anew.",
                self._site.clock.now(),
            )
        )

    async def _listen(self, tasks: TaskGroup) -> None:
        while True:
            heard: bytes | dict[str, object] | None = None
            with anyio.move_on_after(self._time_left()):
                heard = await self._line.hear()
            if heard is None:
                await self._tell(Method.FACE, await self._give_up())
            elif isinstance(heard, bytes):
                self._take(heard, tasks)
            else:
                await self._do(heard)

    def _time_left(self) -> float | None:
        """Seconds that an attempt may go without a frame; None when there is no attempt."""
        if self._attempt is None:
            return None
        return max(0.0, self._heard + self._attempt.lane.patience - anyio.current_time())

    # --- what the page asks ---

    async def _do(self, asked: dict[str, object]) -> None:
        await self._only_while_paired()
        chosen = anyio.current_time() - _waited(asked) / 1000
        match asked:
            case {"ask": "face", "number": str(number)}:
                await self._begin(number, chosen)
            case {"ask": "face"}:
                await self._begin(None, chosen)
            case {"ask": "card", "number": str(number)}:
                await self._otherwise(Method.CARD, chosen, lambda: self._present(number))
            case {"ask": "pin", "number": str(number), "pin": str(pin)}:
                checking = self._web.checking_pins
                await self._otherwise(Method.PIN, chosen, lambda: self._present_pin(number, pin), checking)
            case {"ask": "pass", "code": str(code)}:
                await self._otherwise(Method.PASS, chosen, lambda: self._present_pass(code))
            case {"ask": "stop"}:
                await self._tell(Method.FACE, await self._give_up())
            case _:
                await self._line.hang_up(Closed.NOT_UNDERSTOOD)

    @staticmethod
    async def _while_up(work: Coroutine[None, None, None]) -> None:
        """A task that finds the line gone, or ends it, is no failure: `_listen` notices."""
        with suppress(WebSocketDisconnect):
            await work

    async def _only_while_paired(self) -> None:
        """Raises WebSocketDisconnect after the desk, or another program, has ended this screen's pairing."""
        if not await self._carefully(lambda: self._site.kiosks.is_paired(self._device), otherwise=True):
            await self._line.hang_up(Closed.WHO_ARE_YOU)

    async def _begin(self, number: str | None = None, chosen: float | None = None) -> None:
        """`chosen`: when the person chose this way; None where they stepped on the mark, and have stood there a while.

        One at a time: a touch while somebody steps on the mark must not begin a second attempt that nobody ends."""
        async with self._beginning:
            if self._attempt is not None:
                return
            await self._only_while_paired()
            if not self._web.face_pace.allows(self._device.id):
                await self._say(Method.FACE, words.USE_CARD)
                return
            self._chosen = anyio.current_time() - DWELL if chosen is None else chosen
            begun = await self._carefully(lambda: self._start(number), BROKEN)
            if not isinstance(begun, Attempt):
                await self._tell(Method.FACE, begun)
                return
            self._attempt, self._heard = begun, anyio.current_time()
        self._web.lanes.asked(self._lane.id)
        await self._progress(Looking(0, begun.needed))

    def _start(self, number: str | None) -> Attempt | Concluded:
        """The lane as the store has it now: it may have been closed since this screen was paired. Where a number comes
        first, a face without one is not looked at; where none is asked for, one that comes all the same is not used."""
        lane = self._lane_now()
        claim = None
        if lane.ask is Ask.CARD_FIRST:
            claim = self._site.membership.claimed_by(number[:LONGEST_CARD] if number else "")
        return self._site.admit_by_face.begin(lane, claim)

    def _lane_now(self) -> Lane:
        self._lane = self._site.setup.lane(self._lane.slug)
        return self._lane

    async def _otherwise(
        self,
        method: Method,
        chosen: float,
        present: Callable[[], Concluded],
        limiter: anyio.CapacityLimiter | None = None,
    ) -> None:
        """Law 4: a way without a face. It waits for nothing that sees."""
        await self._give_up()
        if not self._web.card_pace.allows(self._device.id):
            await self._say(method, words.SEE_RECEPTION)
            return
        await self._tell(method, await self._carefully(present, BROKEN, limiter), chosen)

    def _present(self, number: str) -> Concluded:
        return self._site.admit_by_card.present(self._lane_now(), number[:LONGEST_CARD])

    def _present_pin(self, number: str, pin: str) -> Concluded:
        return self._site.admit_by_pin.present(self._lane_now(), number[:LONGEST_CARD], pin[:LONGEST_CARD])

    def _present_pass(self, code: str) -> Concluded:
        return self._site.admit_by_pass.present(self._lane_now(), code[:LONGEST_PASS])

    async def _give_up(self) -> Concluded | None:
        """Ends the attempt, after the frame that is being looked at; None when there is nothing to end."""
        attempt = self._attempt
        if attempt is None:
            return None
        with anyio.move_on_after(PATIENCE):
            await self._seen.wait()
        if self._attempt is not attempt:  # that frame was the last one needed, and its answer is told
            return None
        self._end()
        return await self._carefully(lambda: self._site.admit_by_face.give_up(attempt), BROKEN)

    def _end(self) -> None:
        self._attempt = None
        self._web.lanes.answered(self._lane.id)

    # --- frames ---

    def _take(self, data: bytes, tasks: TaskGroup) -> None:
        """Dropped unread outside an attempt, and while the one before it is still being looked at; then the page is
        told all the same, because it sends the next one for each answer."""
        attempt = self._attempt
        if not self._seen.is_set() or (attempt is None and self._lane.ask is not Ask.ZONE):
            if attempt is not None:
                tasks.start_soon(self._progress, Looking(len(attempt.features), attempt.needed))
            return
        self._heard, self._seen = anyio.current_time(), anyio.Event()
        if self._attempt is None:
            tasks.start_soon(self._while_up, self._watch_the_zone(data))
        else:
            tasks.start_soon(self._while_up, self._look(self._attempt, data))

    async def _watch_the_zone(self, data: bytes) -> None:
        """Somebody who stands there for a moment asks; who walks by does not."""
        try:
            place = None
            if self._web.frame_pace.allows(self._device.id):
                place = await self._carefully(lambda: self._stands(data), None, self._web.looking)
            now = anyio.current_time()
            self._watch = self._watch.after(place, now)
            asks = self._watch.asks(now)
            if asks:
                self._watch = self._watch.asked()
        finally:
            self._seen.set()
        if asks:
            await self._begin()
        else:
            await self._line.say({"watched": {"standing": place is not None}})

    def _stands(self, data: bytes) -> Place | None:
        """In a thread. Where somebody stands who asks by it; a broken picture shows nobody."""
        lane = self._lane_now()
        if lane.ask is not Ask.ZONE or self._site.admit_by_face.closed(lane) is not None:
            return None
        try:
            return self._site.admit_by_face.asks(lane, self._site.pictures.read(data))
        except BadPicture:
            return None

    async def _look(self, attempt: Attempt, data: bytes) -> None:
        found: Looking | Concluded
        advice: str | None = None
        try:
            await self._only_while_paired()
            if self._web.frame_pace.allows(self._device.id):
                found, advice = await self._carefully(
                    lambda: self._see(attempt, data), (BROKEN, None), self._web.looking
                )
            else:
                found = Looking(len(attempt.features), attempt.needed)
            if isinstance(
                found, Concluded
            ):  # told also when the page has gone on meanwhile: the gate may be open
                if self._attempt is attempt:
                    self._end()
                await self._tell(Method.FACE, found)
            elif self._attempt is not attempt:
                return
            else:
                await self._progress(found, advice)
        finally:
            self._seen.set()

    def _see(self, attempt: Attempt, data: bytes) -> tuple[Looking | Concluded, str | None]:
        """In a thread. A broken picture is answered and does not end the attempt, unless its time is over."""
        try:
            frame = self._site.pictures.read(data)
        except BadPicture:
            if attempt.has_run_out(self._site.clock.monotonic()):
                given_up = self._site.admit_by_face.give_up(attempt)
                return given_up or Looking(0, attempt.needed), None
            return Looking(len(attempt.features), attempt.needed), words.UNREADABLE
        found = self._site.admit_by_face.see(attempt, frame)
        return found, words.while_looking(found) if isinstance(found, Looking) else None

    # --- what the page is told ---

    async def _tell(self, method: Method, concluded: Concluded | None, chosen: float | None = None) -> None:
        """And then, when nobody waits for it any more, keeps how long they waited."""
        if concluded is None:
            return
        told = (anyio.current_time() - (self._chosen if chosen is None else chosen)) * 1000
        await self._say(method, words.at_the_kiosk(concluded))
        if concluded.passage is not None:
            await self._carefully(lambda: self._keep(method, concluded, told), None)

    def _keep(self, method: Method, concluded: Concluded, told: float) -> None:
        """`told`: milliseconds from the choice to the door's confirmation, or to the decision where none opened."""
        door = concluded.door_ms
        decided = max(0.0, told - (door or 0.0))
        to_door = None if door is None else told
        self._site.waiting_times.keep(self._lane.id, method, concluded.outcome, decided, to_door)

    async def _say(self, method: Method, said: words.Said) -> None:
        told = {
            "method": method,
            "outcome": said.outcome,
            "headline": said.headline,
            "detail": said.detail,
            "offers": said.offers,
        }
        await self._line.say({"concluded": told})
        await self._say_lane()

    async def _progress(self, looking: Looking, advice: str | None = None) -> None:
        told = {"good": looking.good, "needed": looking.needed, "advice": advice, "turn": looking.turn}
        await self._line.say({"looking": told})

    async def _beat(self) -> None:
        while True:
            await self._only_while_paired()
            await self._say_lane()
            await anyio.sleep(BEAT)

    async def _say_lane(self) -> None:
        def face() -> bool:
            return self._site.admit_by_face.closed(self._lane_now()) is None

        open_to_faces = await self._carefully(face, otherwise=False)
        await self._line.say({"lane": {"face": open_to_faces, "ask": self._lane.ask}})

    async def _carefully(
        self, call: Callable[[], T], otherwise: U, limiter: anyio.CapacityLimiter | None = None
    ) -> T | U:
        """In a thread. A person stands there: whatever breaks, the screen goes on and sends them to reception."""
        try:
            threads = limiter or self._web.at_lanes
            return await to_thread.run_sync(call, abandon_on_cancel=limiter is not None, limiter=threads)
        except Exception as error:  # noqa: BLE001 and the log gets the error's kind only (law 1)
            log.error("kiosk: failed with %s", type(error).__name__)
            return otherwise


def _waited(asked: dict[str, object]) -> float:
    """Milliseconds, as the page says. A page that says nothing sensible adds nothing to the figure."""
    waited = asked.get("waited")
    if isinstance(waited, bool) or not isinstance(waited, int | float) or not 0 <= waited <= LONGEST_WAIT:
        return 0.0
    return float(waited)
