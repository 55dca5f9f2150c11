"""The e-mail that takes an answer to whoever asked: made only of what passed the gate, and sent by a person."""

from collections.abc import Callable, Sequence

from stile.application.foi.letters import FoiLetters
from stile.application.foi.papers import outgoing
from stile.application.foi.steps import is_email
from stile.domain.audit import Event, Fact
from stile.domain.errors import NotAllowed, NotFound, WrongValue
from stile.domain.foi import review_without_outcome, sent_on
from stile.domain.foi_desk.letter import FoiLetter
from stile.domain.foi_desk.papers import Paper, digest
from stile.ports import Clock, Store

Write = Callable[[FoiLetter, str, Sequence[tuple[Paper, bytes]]], bytes]
"""Letter, address and papers in, the file out."""


class FoiEmail:
    def __init__(self, store: Store, clock: Clock, letters: FoiLetters, write: Write) -> None:
        self._store, self._clock, self._letters, self._write = store, clock, letters, write

    def make(self, ref: str, actor: str) -> bytes:
        """Raises NotAllowed while something is open, before somebody approved it, or for words of a review that has no
        outcome; WrongValue without an address that mail can go to; NotFound."""
        letter = self._letters.make(ref)
        with self._store.read() as work:
            request = work.foi.by_ref(letter.ref)
            if request is None:
                raise NotFound(f"There is no request “{ref}”.")
            papers = outgoing(work, request)
        if (
            review_without_outcome(request.taken) is not None
        ):  # its words may have changed since they were approved
            raise NotAllowed("It was put under review. The outcome of the review goes out as a letter.")
        if sent_on(request.taken) is None:
            raise NotAllowed("It has not been approved yet.")
        address = request.requester.address.strip()
        if not is_email(address):
            raise WrongValue("The requester gave no e-mail address. Please print the letter, and post it.")
        made = self._write(letter, address, papers)
        with self._store.begin() as work:
            detail: dict[str, Fact] = {"sha256": digest(made), "papers": len(papers)}
            work.audit.append(self._clock.now(), Event.FOI_EMAIL_MADE, actor, str(request.id), detail)
            work.commit()
        return made
