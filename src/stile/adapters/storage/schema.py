"""Brings a database to the tables of this version, under the write lock, in one transaction."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from stile.adapters.storage.database import Database
from stile.domain.errors import NotConfigured


def migrate(database: Database) -> None:
    """Raises NotConfigured for a database of a later version, which this one cannot read."""
    config = Config()
    config.set_main_option("script_location", "stile.adapters.storage:migrations")
    config.set_main_option("path_separator", "os")
    with database.writing() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current == ScriptDirectory.from_config(config).get_current_head():
            return
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise NotConfigured(
                "the store was written by a later version of Stile: install that version, or open another store"
            ) from None
        connection.commit()
