"""The timed jobs of the serving process."""

import anyio
import pytest
from pyrage import x25519

from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.errors import CannotRecord
from stile.entrypoints import worker
from tests.conftest import Here


def test_the_rules_are_applied_when_they_are_due(here: Here) -> None:
    async def job() -> int:
        return await worker.apply_rules(here.site, anyio.CapacityLimiter(1))

    assert here.site.expire.last_run() is None
    anyio.run(job)
    first = here.site.expire.last_run()
    assert first == here.clock.now()
    here.clock.advance(60)
    anyio.run(job)
    assert here.site.expire.last_run() == first


def test_no_folder_no_backup(here: Here) -> None:
    async def job() -> None:
        await worker.back_up(here.site, anyio.CapacityLimiter(1))

    anyio.run(job)
    assert worker.last_backup(here.site.settings) is None


def test_one_job_that_fails_keeps_no_other_from_its_work(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    async def fails(*_: object) -> None:
        raise CannotRecord("the disk is full")

    async def works(*_: object) -> None:
        done.append("worked")

    async def for_a_moment() -> None:
        with anyio.move_on_after(0.1):
            await worker.work(here.site)

    fails.__name__ = works.__name__ = "job"
    monkeypatch.setattr(worker, "apply_rules", fails)
    monkeypatch.setattr(worker, "back_up", works)
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.01)
    anyio.run(for_a_moment)
    assert len(done) > 1


def test_a_backup_is_made_once_a_day(here: Here) -> None:
    folder = here.site.settings.data / "backups"
    folder.mkdir()
    public = str(x25519.Identity.generate().to_public())
    here.site.close()
    settings = Settings(data=here.site.settings.data, backup_folder=folder, backup_recipients=(public,))
    site = open_site(settings, see=False, clock=here.clock)

    async def job() -> None:
        await worker.back_up(site, anyio.CapacityLimiter(1))

    for hours, made in ((0, 1), (23, 1), (1, 2)):
        here.clock.advance(hours * 3600.0)
        anyio.run(job)
        assert len(site.make_backup.all()) == made
    newest = worker.last_backup(settings)
    assert newest is not None
    assert newest.at == here.clock.now()
    site.close()
