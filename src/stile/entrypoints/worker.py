"""Timed jobs of the serving process: the retention rules at night, and backups.

Both go in a thread of their own and in small steps, so that no lane waits for them; what fails is tried again.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import anyio
import anyio.to_thread

from stile.application.backup import backups_in
from stile.config import Settings
from stile.domain.backup import Backup
from stile.domain.errors import StileError
from stile.office import Office

LOOK_EVERY = 60.0
"""Seconds between two looks at what is due."""
BETWEEN = 0.05
"""Seconds between two batches, in which whoever waits for the write lock gets it."""
A_NIGHT = timedelta(hours=20)
OVERDUE = timedelta(hours=30)

log = logging.getLogger(__name__)


Job = Callable[[anyio.CapacityLimiter], Awaitable[object]]
"""Takes the limiter of its one thread."""


async def work(office: Office, **more: Job) -> None:
    """Goes on until it is cancelled. `more`: jobs besides those of every organisation, by name."""
    alone = anyio.CapacityLimiter(1)
    jobs: dict[str, Job] = {
        "apply_rules": partial(apply_rules, office),
        "back_up": partial(back_up, office),
        "read_registers": partial(read_registers, office),
        **more,
    }
    while True:
        for name, job in jobs.items():
            try:
                await job(alone)
            except StileError as error:
                log.warning("%s: %s", name, type(error).__name__)
            except Exception as error:  # noqa: BLE001 the other job, and the next time, must go on
                log.warning("%s failed: %s", name, type(error).__name__)
        await anyio.sleep(LOOK_EVERY)


async def apply_rules(office: Office, alone: anyio.CapacityLimiter) -> int:
    """Where they are due; how many rows and members went."""
    last = await anyio.to_thread.run_sync(office.expire.last_run, limiter=alone)
    if not rules_are_due(office.clock.now(), last, office.settings):
        return 0
    gone, steps = 0, office.expire.run()
    while (step := await anyio.to_thread.run_sync(next, steps, None, limiter=alone)) is not None:
        gone += step.count
        await anyio.sleep(BETWEEN)
    return gone


def rules_are_due(now: datetime, last: datetime | None, settings: Settings) -> bool:
    """Once a night, at the hour that is set; at any hour where the machine was off at night, or on its first day."""
    if last is None or now - last >= OVERDUE:
        return True
    at_night = now.astimezone(ZoneInfo(settings.time_zone)).hour == settings.retention_hour
    return at_night and now - last >= A_NIGHT


async def back_up(office: Office, alone: anyio.CapacityLimiter) -> None:
    """Where one is due."""
    every = timedelta(hours=office.settings.backup_every_hours)
    if await anyio.to_thread.run_sync(office.make_backup.is_due, every, limiter=alone):
        await anyio.to_thread.run_sync(office.make_backup.make, "system", limiter=alone)


async def read_registers(office: Office, alone: anyio.CapacityLimiter) -> None:
    """What operators publish, once a day."""
    await anyio.to_thread.run_sync(office.subscribing.refresh_due, limiter=alone)


def last_backup(settings: Settings) -> Backup | None:
    """The newest one in the backup folder; None where there is none, or no folder."""
    return next(iter(backups_in(settings.backup_folder)), None)
