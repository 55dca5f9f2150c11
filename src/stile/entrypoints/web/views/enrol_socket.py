"""The enrolment page's line. The shots live in this connection: they go with it, or after ten minutes.

page:   the bytes of one JPEG, or {"ask": "finish"}
answer: {"shot": {"taken": 1, "needed": 3, "most": 5, "prompt": "…", "advice": "…" or null}}
        {"done": {"headline": "…", "detail": "…"}}   {"stopped": {"headline": "…", "detail": "…"}}
"""

import logging
from contextlib import suppress
from dataclasses import dataclass

import anyio
from anyio import to_thread
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from stile.application.enrol import LEAST_SHOTS, MOST_SHOTS, Enrolment, ShotRefused
from stile.domain.access import Invitation
from stile.domain.errors import BadPicture, StileError
from stile.domain.member import Member
from stile.domain.roles import Permission
from stile.domain.sessions import Stage
from stile.entrypoints.web import face_now, words
from stile.entrypoints.web.context import Web, web_of
from stile.entrypoints.web.cookies import session_cookie
from stile.entrypoints.web.sockets import Closed, Line, pick_up

LASTS = 600.0
"""Seconds that an enrolment may take."""
BETWEEN_SHOTS = 0.6
"""Least seconds between two shots taken; without it the five would be one picture five times."""

PROMPTS = (
    "Look straight at the camera",
    "Turn your head a little to the left",
    "Turn your head a little to the right",
    "Look straight again, and smile if you like",
    "Lift your chin a little",
)

log = logging.getLogger(__name__)
router = APIRouter()


@router.websocket("/enrol/{token}/ws")
async def enrol_line(socket: WebSocket, token: str) -> None:
    """The line of the guided pictures: frames and coaching."""
    web = web_of(socket)
    try:
        line = await pick_up(socket, web.site.settings)
        try:
            invitation, member = await to_thread.run_sync(web.site.enrol.invited, token)
            unattended = not await to_thread.run_sync(_attended, web, socket, invitation)
            enrolment = await to_thread.run_sync(
                lambda: web.site.enrol.begin(member.id, unattended=unattended)
            )
        except StileError as error:
            await _stop(line, str(error))
            return await line.hang_up(Closed.WHO_ARE_YOU)
        with anyio.move_on_after(LASTS):
            return await _until_withdrawn(EnrolLine(web, line, invitation, member, enrolment))
        await _stop(line, "Ten minutes are over, and nothing was kept. Please open your link again.")
        await line.hang_up(Closed.TIME_IS_UP)
    except WebSocketDisconnect:
        return None


async def _until_withdrawn(enrolling: "EnrolLine") -> None:
    """Law 2: a page that is open when the consent is withdrawn, by whomever and wherever, ends with it."""

    async def watch() -> None:
        await face_now.withdrawn(enrolling.web, enrolling.member.id)
        enrolling.enrolment.shots.clear()
        await _stop(enrolling.line, "Your consent is withdrawn, and nothing was kept. Your card works.")
        tasks.cancel_scope.cancel()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        with suppress(WebSocketDisconnect):
            await enrolling.serve()
        tasks.cancel_scope.cancel()
    await enrolling.line.hang_up(Closed.DONE)


def _attended(web: Web, socket: WebSocket, invitation: Invitation) -> bool:
    """Whether somebody of the staff sees who sits there: the link was opened at the desk, and this browser is theirs.
    A link that left the desk is judged for liveness like every other."""
    if invitation.assisted_by is None:
        return False
    found = web.site.sessions.find(socket.cookies.get(session_cookie(web.site.settings)))
    if found is None:
        return False
    session, staff = found
    return session.stage is Stage.WHOLE and staff.may(Permission.ENROL)


async def _stop(line: Line, why: str) -> None:
    await line.say({"stopped": {"headline": "That did not work", "detail": why}})


@dataclass(slots=True)
class EnrolLine:
    web: Web
    line: Line
    invitation: Invitation
    member: Member
    enrolment: Enrolment
    taken_at: float = float("-inf")

    async def serve(self) -> None:
        """Until the template is stored, or the page goes."""
        try:
            await self._say()
            while not self.enrolment.is_full:
                heard = await self.line.hear()
                if isinstance(heard, bytes):
                    await self._say(await self._shot(heard))
                elif heard == {"ask": "finish"} and self.enrolment.has_enough:
                    break
                else:
                    await self.line.hang_up(Closed.NOT_UNDERSTOOD)
            await to_thread.run_sync(self.web.site.enrol.finish, self.enrolment, self.invitation)
            done = f"Thank you, {self.member.given_name}. You can come in by face from now on, or by card, as you like."
            await self.line.say({"done": {"headline": "You are enrolled", "detail": done}})
        except StileError as error:
            await _stop(self.line, str(error))
        except WebSocketDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 and the log gets the error's kind only (law 1)
            log.error("enrolment failed with %s", type(error).__name__)
            await _stop(self.line, "Something went wrong here, and nothing was kept. Your card works.")
        finally:
            self.enrolment.shots.clear()
        await self.line.hang_up(Closed.DONE)

    async def _shot(self, data: bytes) -> str | None:
        """Looks at one frame; what the person can do better, or None."""
        if anyio.current_time() - self.taken_at < BETWEEN_SHOTS:
            return None
        if not self.web.enrol_pace.allows(self.invitation.id):  # the lanes' people wait for the same eyes
            return None
        before = len(self.enrolment.shots)
        advice = await to_thread.run_sync(self._see, data, limiter=self.web.looking)
        if len(self.enrolment.shots) > before:
            self.taken_at = anyio.current_time()
        return advice

    def _see(self, data: bytes) -> str | None:
        """In a thread. A broken picture is answered and ends nothing."""
        try:
            frame = self.web.site.pictures.read(data)
        except BadPicture:
            return words.UNREADABLE
        found = self.web.site.enrol.shot(self.enrolment, frame)
        return found.flaw.advice if isinstance(found, ShotRefused) else None

    async def _say(self, advice: str | None = None) -> None:
        taken = len(self.enrolment.shots)
        shot = {
            "taken": taken,
            "needed": LEAST_SHOTS,
            "most": MOST_SHOTS,
            "prompt": PROMPTS[min(taken, MOST_SHOTS - 1)],
            "advice": advice,
        }
        await self.line.say({"shot": shot})
