"""Letters to people."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """`to`: one e-mail address. `text`: plain words, with any link on a line of its own. Holds personal data and
    secrets: it is sent and never logged."""

    to: str
    subject: str
    text: str


class Mail(Protocol):
    """Blocks until the mail server has taken it, up to 10 seconds."""

    @property
    def is_set_up(self) -> bool:
        """Whether there is a mail server in the settings; pages offer to send only where there is one."""
        ...

    def send(self, letter: Letter) -> None:
        """Raises NotConfigured where there is no mail server, CannotSend when it did not take the letter."""
        ...
