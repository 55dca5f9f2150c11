"""A site on PostgreSQL is backed up and restored by the same two commands."""

from pathlib import Path

import pytest
from pyrage import x25519

from stile.application.membership import NewMember
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.errors import Conflict, NotConfigured
from stile.entrypoints.restoring import Wish, restore
from tests.adapters.conftest import PostgresServer

IDENTITY = x25519.Identity.generate()


def site_at(settings: Settings) -> Site:
    return open_site(settings, see=False)


def test_there_and_back(postgres_server: PostgresServer, tmp_path: Path) -> None:
    first = Settings(data=tmp_path / "first", database=postgres_server.database().where)
    site = site_at(first)
    lane = site.setup.create(NewSite("O", "C", "Main entrance", "admin", "correct horse battery"))
    stays, goes = (
        site.membership.add(lane.centre, NewMember(number, "Ada", "Example"), "test") for number in ("1", "2")
    )
    file = tmp_path / "one.age"
    site.make_backup.make("test", file, (str(IDENTITY.to_public()),))
    site.erase_member.of(goes.id, "test")
    site.make_backup.make("test", tmp_path / "two.age", (str(IDENTITY.to_public()),))
    site.close()
    wish = Wish(file, str(IDENTITY), None)
    with pytest.raises(Conflict, match="into an empty one"):
        restore(first, wish, lambda _: None)
    with pytest.raises(NotConfigured, match="nothing is replaced"):
        restore(first, Wish(file, str(IDENTITY), None, replace=True), lambda _: None)
    for second in (
        Settings(data=tmp_path / "second", database=postgres_server.database().where),
        Settings(data=tmp_path / "third"),  # and into SQLite
    ):
        done = restore(second, wish, lambda _: None)
        assert done.erased_again == 1
        again = site_at(second)
        with again.store.read() as work:
            assert work.members.get(stays.id) == stays
            assert work.members.get(goes.id) is None
        assert again.verify_audit.run().findings == []
        again.close()
