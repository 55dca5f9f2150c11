"""A request comes in by the public form: anybody may ask, and nobody needs an account (FOIA s. 8).

Who asks is personal data: it stands with the request, goes with it, and reaches neither a log nor the audit log.
"""

from stile.application.answer_foi import AnswerFoi, Incoming
from stile.domain.errors import Conflict, Lacking
from stile.domain.foi_desk.questions import split
from stile.domain.foi_desk.request import Channel, FoiRequest, Requester
from stile.ports import Clock

ACTOR = "web form"
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_TEXT = 200, 400, 20_000
TRIES = 3
"""Two that come in the same moment want the same reference: the later one asks for the next."""


class FoiIntake:
    def __init__(self, desk: AnswerFoi, clock: Clock) -> None:
        self._desk, self._clock = desk, clock

    def receive(self, name: str, address: str, text: str) -> tuple[FoiRequest, bool]:
        """The request, and whether it is a new one: the same words from the same person on the same day are the same
        request, so that a page that is loaded again logs nothing twice. Raises Lacking."""
        requester, text = Requester(_line(name), _line(address)), text.replace("\0", "").strip()
        if lacks := _lacks(requester, text):
            raise Lacking(" ".join(lacks.values()), lacks)
        today = self._clock.today()
        if (before := self._desk.same(today, requester, text)) is not None:
            return before, False
        incoming = Incoming(text, today, Channel.FORM, requester)
        for left in reversed(range(TRIES)):
            try:
                return self._desk.log(incoming, ACTOR), True
            except Conflict:
                if not left:
                    raise
        raise AssertionError("unreachable")


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _lacks(requester: Requester, text: str) -> dict[str, str]:
    lacks = {}
    if not requester.name:
        lacks["name"] = "Please give your name: the law asks for it (section 8)."
    elif len(requester.name) > LONGEST_NAME:
        lacks["name"] = f"A name has up to {LONGEST_NAME} characters."
    if not requester.address:
        lacks["address"] = "Please say where the answer can go: an e-mail address, or a postal one."
    elif len(requester.address) > LONGEST_ADDRESS:
        lacks["address"] = f"An address has up to {LONGEST_ADDRESS} characters."
    if not split(text):
        lacks["text"] = "Please describe the information that you would like."
    elif len(text) > LONGEST_TEXT:
        lacks["text"] = (
            f"Please keep it to {LONGEST_TEXT:,} characters. You can send us a longer letter by e-mail."
        )
    return lacks
