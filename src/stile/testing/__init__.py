"""Fakes for tests, shipped so that users can test their own drivers. Each says in its name that it is a fake;
none is used by the program itself."""

from stile.testing.clock import FakeClock
from stile.testing.door import FakeDoor, FakeDoors
from stile.testing.eyes import FAKE_PACK, FakeEyes, FakePool, picture_of
from stile.testing.mail import FakeMail

__all__ = [
    "FAKE_PACK",
    "FakeClock",
    "FakeDoor",
    "FakeDoors",
    "FakeEyes",
    "FakeMail",
    "FakePool",
    "picture_of",
]
