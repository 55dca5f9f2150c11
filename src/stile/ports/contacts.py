"""How somebody is reached, as it is written and as it is kept."""

from typing import Protocol


class Contacts(Protocol):
    """Asks no network: whether anybody reads there shows with the first letter. Both raise WrongValue for what cannot
    be, in words that do not repeat it."""

    def email(self, text: str) -> str:
        """An address as it is kept: the domain in small letters, in Unicode's normal form."""
        ...

    def phone(self, text: str) -> str:
        """A number in E.164, `+442079460000`; one without its country is taken for one of the centre's country."""
        ...
