"""Fakes for tests, shipped so that users can test their own drivers. Each says in its name that it is a fake;
none is used by the program itself.

`stile.testing.provider` has an identity provider, which is not imported from here: it needs a moment to load."""

from stile.testing.authenticator import FakeAuthenticator
from stile.testing.clock import FakeClock
from stile.testing.door import FakeDoor, FakeDoors
from stile.testing.eyes import FAKE_PACK, FakeEyes, FakePool, picture_of
from stile.testing.mail import FakeMail
from stile.testing.phone import FakePhone
from stile.testing.register import complete_facts, complete_register

__all__ = [
    "FAKE_PACK",
    "FakeAuthenticator",
    "FakeClock",
    "FakeDoor",
    "FakeDoors",
    "FakeEyes",
    "FakeMail",
    "FakePhone",
    "FakePool",
    "complete_facts",
    "complete_register",
    "picture_of",
]
