"""What a door remembers of passages, so that one passage opens once. Ids only, and only the latest."""

from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

LATEST = 4_096
"""Far more than a lane lets in within the minutes in which a command could come twice."""


class Recent(Generic[Key, Value]):
    """The latest entries. Not thread-safe."""

    def __init__(self, most: int = LATEST) -> None:
        self._most = most
        self._entries: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        return self._entries.get(key)

    def put(self, key: Key, value: Value) -> None:
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def forget(self, key: Key) -> None:
        self._entries.pop(key, None)
