"""The door and the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from stile.domain.door import DoorStatus
from stile.domain.ids import (
    LaneId,
    PassageId,
)
from stile.domain.places import Lane


class Door(Protocol):
    """Lets one person in. There is no call that locks (law 8), and none will be added."""

    def open(self, passage: PassageId) -> None:
        """Tells the door to open for one entry; returns when the door confirmed, within 2 seconds.

        The same passage id twice opens once. Raises DoorFault. Call it only after the passage is durably
        recorded (law 6).
        """
        ...

    def status(self) -> DoorStatus: ...


class Doors(Protocol):
    def of(self, lane: Lane) -> Door:
        """The lane's door; the same object for the same lane."""
        ...


class Topic(StrEnum):
    PASSAGE = "passage"
    STAFF_NEEDED = "staff needed"


@dataclass(frozen=True, slots=True)
class News:
    """Something for the desk. Carries ids and words, never a picture or a vector."""

    topic: Topic
    lane: LaneId
    text: str
    at: datetime
    passage: PassageId | None = None


class Noticeboard(Protocol):
    """In-process news for open pages. Never blocks, never fails: a slow reader loses news, not the door."""

    def post(self, news: News) -> None: ...

    def subscribe(self, reader: Callable[[News], None]) -> Callable[[], None]:
        """`reader` must not block. Returns what ends the subscription."""
        ...
