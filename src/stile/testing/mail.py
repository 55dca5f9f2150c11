"""A mail server that only remembers its letters, and can be told to refuse them."""

from stile.domain.errors import CannotSend, NotConfigured
from stile.ports import Letter


class FakeMail:
    """`letters`: what was sent, oldest first."""

    def __init__(self) -> None:
        self.is_set_up = True
        self.refuses = False
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        if not self.is_set_up:
            raise NotConfigured("The fake mail server was told not to be there.")
        if self.refuses:
            raise CannotSend("The fake mail server was told to refuse.")
        self.letters.append(letter)
