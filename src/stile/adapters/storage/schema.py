"""Brings a database to the tables of this version, under the write lock, in one transaction."""

from sqlalchemy import Connection, inspect

from stile.adapters.storage.database import Database
from stile.domain.errors import NotConfigured

HEAD = "0019"
"""The newest revision in `migrations/versions`. It stands here so that a store which is up to date, as nearly every
one is, opens without importing Alembic: half a second of every start."""


def migrate(database: Database) -> None:
    """Raises NotConfigured for a database of a later version, which this one cannot read."""
    with database.writing() as connection:
        if _revision(connection) != HEAD:
            _upgrade(connection)
            connection.commit()


def _revision(connection: Connection) -> object:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def empty(connection: Connection) -> bool:
    """Whether there is nothing of Stile's yet."""
    return _revision(connection) is None


def _upgrade(connection: Connection) -> None:
    upgrade_to(connection, "head")


def upgrade_to(connection: Connection, revision: str) -> None:
    """Raises NotConfigured for a revision that this version does not know."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "stile.adapters.storage:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError:
        raise NotConfigured(
            "the store was written by a later version of Stile: install that version, or open another store"
        ) from None
