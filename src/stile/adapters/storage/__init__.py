"""The store: SQLAlchemy Core over SQLite (the default) or PostgreSQL. Migrations ship inside."""

from stile.adapters.storage.store import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
