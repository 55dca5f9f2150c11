"""Whether a member comes in by face, as one short word that changes with it: so that an open page can tell that what it
shows is over, whoever withdrew it and wherever."""

import hashlib

import anyio
from anyio import to_thread
from fastapi import Request

from stile.domain.ids import MemberId
from stile.entrypoints.web.context import Web

EVERY = 0.4
"""Seconds between two looks."""
LONGEST = 4.0
"""Seconds that a page waits for an answer, at most; then it asks again. Less than a server that stops waits for its
pages (`stile serve`)."""


def state(web: Web, member: MemberId) -> str:
    """Consent, templates and restriction. Says nothing about them to whoever only reads it."""
    with web.site.store.read() as work:
        consent = work.consents.live_of(member)
        templates = [(one.pack, one.made_at) for one in work.held.templates(member)]
        since = work.restrictions.since(member)
    now = (consent.id if consent else None, templates, since)
    return hashlib.sha256(repr(now).encode()).hexdigest()[:16]


async def changed(request: Request, web: Web, member: MemberId, seen: str) -> bool:
    """Waits until it is no longer as it was seen, or the page is gone. Whether it changed before the time was over."""
    with anyio.move_on_after(LONGEST):
        while await to_thread.run_sync(state, web, member) == seen:
            if await request.is_disconnected():
                return False
            await anyio.sleep(EVERY)
        return True
    return False


async def withdrawn(web: Web, member: MemberId) -> None:
    """Waits until no consent of the member is live."""

    def consents() -> bool:
        with web.site.store.read() as work:
            return work.consents.live_of(member) is not None

    while await to_thread.run_sync(consents):
        await anyio.sleep(EVERY)
