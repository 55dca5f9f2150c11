"""How many requests for information the public form takes: enough for anybody who asks, too few to bury the desk or to
have our mail server write to strangers all day. Whoever comes too late is told another way, so that nobody is kept from
asking (FOIA s. 8 needs no form).
"""

from stile.entrypoints.web.paces import Pace
from stile.ports import Clock

FROM_ONE_ADDRESS = 6
"""In an hour; a library or a newsroom shares one address."""
FROM_ALL = 60
"""In an hour."""
LETTERS_TO_ONE = 3
"""Acknowledgements in a day to one mailbox, whoever typed it into the form."""


class AskingPace:
    def __init__(self, clock: Clock) -> None:
        self._one = Pace(clock, FROM_ONE_ADDRESS, 3600.0)
        self._all = Pace(clock, FROM_ALL, 3600.0)
        self._mailbox = Pace(clock, LETTERS_TO_ONE, 86_400.0)

    def allows(self, whence: str) -> bool:
        return self._one.allows(whence) and self._all.allows("")

    def writes_to(self, mailbox: str) -> bool:
        return self._mailbox.allows(mailbox.strip().casefold())
