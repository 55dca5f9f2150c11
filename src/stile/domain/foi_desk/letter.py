"""The letter that answers a request: its parts, in order, in plain words. What it must hold is law: what was asked and
what is held (s. 1), a refusal with its exemption (s. 17), help (s. 16), and how to complain (s. 17(7), s. 50).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.domain.foi import Refusing
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.request import DraftedAnswer, DraftVersion, FoiRequest
from stile.domain.foi_desk.saying import day
from stile.domain.ico import ICO


class Part(StrEnum):
    """The parts of a letter, in their order."""

    THANKS = "thanks"
    REQUEST = "your request"
    LAW = "the law"
    RESPONSE = "response"
    FURTHER = "further information"
    MARKETING = "officers' details are not for direct marketing"
    RIGHTS = "your rights"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who answers. `address`: lines. `portal`: name and address of the open data portal, where there is one. `bound`:
    whether the Act binds it; a private operator answers of its own accord. `ico`: how to reach the Commissioner.
    `published`: address of its own public account, "" where it has none."""

    name: str
    team: str
    address: tuple[str, ...] = ()
    email: str = ""
    portal: tuple[str, str] | None = None
    bound: bool = True
    ico: str = ICO
    published: str = ""


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """`part`: which one. `lines`: its paragraphs."""

    part: Part
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.part.value[0].upper() + self.part.value[1:]

    @property
    def text(self) -> str:
        return "\n\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class FoiLetter:
    """`answers`: to the questions of the response part, by their number. `on`: the day it is dated."""

    ref: str
    on: date
    sender: Sender
    to: str
    request: FoiRequest
    answers: Mapping[int, DraftedAnswer]
    parts: Sequence[Paragraphs]


def letter(
    request: FoiRequest, version: DraftVersion, sender: Sender, on: date, review_until: date
) -> FoiLetter:
    """`review_until`: the last day of the forty working days for asking for a review."""
    parts = (
        _thanks(request),
        Paragraphs(Part.REQUEST, tuple(f"{one.n}. {one.text}" for one in request.questions)),
        Paragraphs(Part.LAW, (law(sender, request.regime),)),
        Paragraphs(
            Part.RESPONSE,
            (_held(version, sender.bound), *(_answer(one, sender.bound) for one in version.answers)),
        ),
        _further(sender),
        _marketing(),
        _rights(sender, request.regime, review_until),
    )
    answers = {one.n: one for one in version.answers}
    return FoiLetter(request.ref, on, sender, request.requester.name, request, answers, parts)


def _thanks(request: FoiRequest) -> Paragraphs:
    words = f"Thank you for your request for information, which we received on {day(request.received)}."
    return Paragraphs(Part.THANKS, (words, f"Our reference is {request.ref}."))


def law(sender: Sender, regime: Regime) -> str:
    """Under which law, in a sentence: none gives a right against whom it does not bind."""
    if sender.bound or regime not in (Regime.FOI, Regime.EIR):
        return f"We have handled it under the {regime.value}."
    return f"The {regime.value} does not bind us. We answer of our own accord, as it asks of those whom it binds."


def _held(version: DraftVersion, bound: bool) -> str:
    """Whether it is held (s. 1(1)(a)), said of no more than what is answered: of a question that is refused even that
    may be what must not be told."""
    found = {one.held for one in version.answers if one.refusal is None}
    notice = "this letter is our refusal notice (section 17 of the Freedom of Information Act 2000)"
    if not found and version.answers:
        why = "We cannot give you what you asked for. Why is below, question by question"
        return f"{why}: {notice}." if bound else f"{why}."
    some = any(one.refusal for one in version.answers)
    asked = (
        "the information asked for in the questions that we answer"
        if some
        else "the information that you asked for"
    )
    below = "The answers to your questions are below."
    if found == {Held.HELD}:
        said = f"We hold {asked}. {below}"
    elif found == {Held.NOT_HELD}:
        said = f"We do not hold {asked}. What we can tell is below."
    else:
        said = f"We hold part of {asked}. {below}"
    if not some:
        return said
    return (
        f"{said} For the others {notice}; the reason stands with each."
        if bound
        else f"{said} Of the others the reason stands with each."
    )


def _answer(one: DraftedAnswer, bound: bool) -> str:
    if one.refusal is None:
        return f"{one.n}. {one.text}"
    exemption = one.refusal.exemption
    balance = f" On the public interest: {one.refusal.balance}" if one.refusal.balance else ""
    does = (
        f"{DOES[exemption.does]} under"
        if bound
        else "We do not answer this, as those whom the Act binds may by"
    )
    by = f"{exemption.name} of the Freedom of Information Act 2000: {exemption.about}"
    return f"{one.n}. {does} {by}. Why it applies: {one.refusal.why}{balance}"


DOES = {
    Refusing.WITHHELD: "We withhold this",
    Refusing.NOT_OBLIGED: "We are not obliged to answer this",
    Refusing.NEITHER: "We neither confirm nor deny that we hold this,",
}


def _further(sender: Sender) -> Paragraphs:
    if sender.portal is None:
        lines: tuple[str, ...] = ()
    else:
        name, where = sender.portal
        lines = (f"Much of what we hold is published already, free for anybody to use: {name}, {where}.",)
    if sender.published:
        lines += (
            f"What we publish about facial recognition, with its figures as open data, is at {sender.published}.",
        )
    return Paragraphs(Part.FURTHER, lines or ("We can name no open data portal of ours.",))


def _marketing() -> Paragraphs:
    return Paragraphs(
        Part.MARKETING,
        (
            "Names and contact details of officers in this letter are there so that you can write to us about it. "
            "That we give them is no consent to direct marketing by any means, and no “soft opt-in” under the Privacy "
            "and Electronic Communications (EC Directive) Regulations 2003.",
            "Whoever would use them for marketing has to be registered with the Information Commissioner, has to check "
            "the preference services first, and has to respect what is stated there. See ico.org.uk.",
        ),
    )


def _rights(sender: Sender, regime: Regime, until: date) -> Paragraphs:
    where = " or by post to ".join(
        one for one in (sender.email, ", ".join((sender.team, sender.name, *sender.address))) if one
    )
    asking = (
        "If you are not content with how we handled your request, you can ask us for a review within 40 working "
        f"days, that is until {day(until)}, by writing to {where}."
    )
    if sender.bound:
        right = " (section 50 of the Freedom of Information Act 2000)" if regime is Regime.FOI else ""
        after = (
            "If you are still not content after that, you have the right to complain to the Information Commissioner"
            f"{right}: {sender.ico}. There is no charge."
        )
    else:
        after = (
            "What the Act gives a right to cannot be claimed from us before the Information Commissioner; how we use "
            f"your own personal data you can complain about there: {sender.ico}. There is no charge."
        )
    return Paragraphs(Part.RIGHTS, (asking, after))
