"""Timed jobs of the serving process: the retention rules at night, and backups.

Both go in a thread of their own and in small steps, so that no lane waits for them; what fails is tried again.
"""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import anyio
import anyio.to_thread

from stile.application.backup import backups_in
from stile.bootstrap import Site
from stile.config import Settings
from stile.domain.backup import Backup
from stile.domain.errors import StileError

LOOK_EVERY = 60.0
"""Seconds between two looks at what is due."""
BETWEEN = 0.05
"""Seconds between two batches, in which whoever waits for the write lock gets it."""
A_NIGHT = timedelta(hours=20)
OVERDUE = timedelta(hours=30)

log = logging.getLogger(__name__)


async def work(site: Site) -> None:
    """Goes on until it is cancelled."""
    alone = anyio.CapacityLimiter(1)
    while True:
        for job in (apply_rules, end_consents, back_up):
            try:
                await job(site, alone)
            except StileError as error:
                log.warning("%s: %s", job.__name__, type(error).__name__)
            except Exception as error:  # noqa: BLE001 the other job, and the next time, must go on
                log.warning("%s failed: %s", job.__name__, type(error).__name__)
        await anyio.sleep(LOOK_EVERY)


async def apply_rules(site: Site, alone: anyio.CapacityLimiter) -> int:
    """Where they are due; how many rows and members went."""
    last = await anyio.to_thread.run_sync(site.expire.last_run, limiter=alone)
    if not rules_are_due(site.clock.now(), last, site.settings):
        return 0
    gone, steps = 0, site.expire.run()
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


async def end_consents(site: Site, alone: anyio.CapacityLimiter) -> None:
    """Those of parents for members who decide for themselves by now, and those that the rules do not let stand."""
    await anyio.to_thread.run_sync(site.waiting.keep_current, limiter=alone)


async def back_up(site: Site, alone: anyio.CapacityLimiter) -> None:
    """Where one is due."""
    every = timedelta(hours=site.settings.backup_every_hours)
    if await anyio.to_thread.run_sync(site.make_backup.is_due, every, limiter=alone):
        await anyio.to_thread.run_sync(site.make_backup.make, "system", limiter=alone)


def last_backup(settings: Settings) -> Backup | None:
    """The newest one in the backup folder; None where there is none, or no folder."""
    return next(iter(backups_in(settings.backup_folder)), None)
