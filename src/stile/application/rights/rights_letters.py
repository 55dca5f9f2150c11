"""Letters to people about their requests, ready to send: what the law wants said is in them, the rest is for whoever
sends them to fill in. UK GDPR Arts. 12(3), 12(4), 12A; DPA 2018 s. 164A."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.domain.rights_request import ARTICLES, Ground, Kind, RightsRequest, Step


class About(StrEnum):
    """What a letter is about."""

    ACKNOWLEDGE = "acknowledge"
    ASK_IDENTITY = "ask for identity"
    ASK_CLARIFICATION = "ask for clarification"
    EXTEND = "extend"
    ANSWER = "answer"
    REFUSE = "refuse"
    PROGRESS = "progress"
    OUTCOME = "outcome"


STEP_OF: dict[About, Step] = {
    About.ASK_IDENTITY: Step.ASK_IDENTITY,
    About.ASK_CLARIFICATION: Step.ASK_CLARIFICATION,
    About.EXTEND: Step.EXTEND,
    About.ANSWER: Step.ANSWER,
    About.REFUSE: Step.REFUSE,
    About.PROGRESS: Step.TELL_PROGRESS,
    About.OUTCOME: Step.ANSWER,
}
"""The step that a letter goes with. The acknowledgement of a request goes with none; that of a complaint does."""


@dataclass(frozen=True, slots=True)
class Written:
    """`step`: what sending it does as well, where the table gives it now and no ground has to be chosen."""

    about: About
    subject: str
    text: str
    step: Step | None


def fitting(request: RightsRequest) -> list[About]:
    """Letters that may be needed now, in the order of the work."""
    if request.kind is Kind.COMPLAINT:
        return [About.ACKNOWLEDGE, About.PROGRESS, About.OUTCOME]
    found = [About.ACKNOWLEDGE]
    taken = {entry.step for entry in request.history}
    for about, step in STEP_OF.items():
        if about in (About.PROGRESS, About.OUTCOME):
            continue
        if step in request.may_take() or step in taken:
            found.append(about)
    return found


def write(
    about: About, request: RightsRequest, who: str, operator: str, contact: str | None, today: date
) -> Written:
    """The letter. `who`: whom it greets."""
    subject = f"Your {_what(request.kind)}, no. {request.number}"
    body = BODIES[about, request.kind is Kind.COMPLAINT].format(
        done=DONE.get(request.kind, ""),
        what=_what(request.kind),
        number=request.number,
        under=ARTICLES[request.kind],
        received=day(request.received),
        by=day(request.last_day) if request.last_day else "[the day]",
        why=_why(request, about),
        ground=_ground(request, about),
        operator=operator,
    )
    ending = REFUSAL if about is About.REFUSE else REMEDIES if about in (About.ANSWER, About.OUTCOME) else ""
    text = (
        f"{day(today)}\n\nDear {who},\n\n{body}{ending}\n{operator}\n"
        f"Data protection: {contact or 'please ask at reception'}\n"
    )
    step = Step.ACKNOWLEDGE if about is About.ACKNOWLEDGE else STEP_OF.get(about)
    goes_along = step if step in request.may_take() and step not in (Step.EXTEND, Step.REFUSE) else None
    return Written(about, subject, text, goes_along)


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _what(kind: Kind) -> str:
    return "complaint" if kind is Kind.COMPLAINT else f"request ({kind})"


def _why(request: RightsRequest, about: About) -> str:
    """The reason as it was noted with the step, or a place to write it."""
    step = STEP_OF.get(about)
    noted = [entry.note for entry in request.history if entry.step is step and entry.note]
    return noted[-1] if noted else "[the reason, in plain words]"


def _ground(request: RightsRequest, about: About) -> str:
    step = STEP_OF.get(about)
    found = [entry.ground for entry in request.history if entry.step is step and entry.ground]
    return GROUNDS[found[-1]] if found else "[the ground]"


GROUNDS = {
    Ground.COMPLEX: "because the request is complex",
    Ground.MANY_REQUESTS: "because of the number of requests that you made",
    Ground.MANIFESTLY_UNFOUNDED: "because we find the request manifestly unfounded",
    Ground.EXCESSIVE: "because we find the request excessive",
    Ground.EXEMPT: "because an exemption of the Data Protection Act 2018 applies",
    Ground.IDENTITY_NOT_SHOWN: "because we could not make sure that it is you who asks",
}

BODIES: dict[tuple[About, bool], str] = {
    (About.ACKNOWLEDGE, False): """\
we received your {what} on {received}. It is no. {number} with us, and we deal with it under {under}.

You have our answer by {by} at the latest. If we need anything from you we ask for it soon; it costs you nothing.

""",
    (About.ACKNOWLEDGE, True): """\
we received your complaint on {received}. It is no. {number} with us.

We look into it, may ask you about it, and tell you the outcome without undue delay.

""",
    (About.ASK_IDENTITY, False): """\
we received your {what} on {received}. It is no. {number} with us.

Before we answer we must be sure that it is you who asks. Please come to reception with your membership card, or sign in
to your own page by the link that reception sends you. We need nothing else, and no copy of a passport.

Your month begins on the day on which we have this (UK GDPR Article 12A).

""",
    (About.ASK_CLARIFICATION, False): """\
we received your {what} on {received}. It is no. {number} with us.

We hold a lot, and want to find what you are looking for. Please tell us: [what, and from when to when].

The days until we have your answer do not count towards the month that we have (UK GDPR Article 12A). If you would
rather not say more, tell us so, and we search as far as is reasonable and proportionate.

""",
    (About.EXTEND, False): """\
we received your {what} on {received}. It is no. {number} with us.

We need up to two further months, {ground}:

{why}

You have our answer by {by} at the latest (UK GDPR Article 12A). You may complain about this to us, and to the
Information Commissioner's Office: ico.org.uk, telephone 0303 123 1113.

""",
    (About.ANSWER, False): """\
this is our answer to your {what} of {received}, no. {number}.

{why}

{done}""",
    (About.REFUSE, False): """\
we received your {what} on {received}, no. {number}. We do not do what you ask, {ground}:

{why}

""",
    (About.PROGRESS, True): """\
about your complaint of {received}, no. {number}:

{why}

We tell you the outcome without undue delay.

""",
    (About.OUTCOME, True): """\
this is the outcome of your complaint of {received}, no. {number}.

What we looked into: [what]

What we found, and what we change: {why}

""",
}
_COPY = """\
The file that goes with this letter holds what we found, with a page to read (index.html). Your template is described in
it and not included. We searched as far as is reasonable and proportionate: [where].

"""
DONE: dict[Kind, str] = {
    Kind.ACCESS: _COPY,
    Kind.PORTABILITY: _COPY,
    Kind.ERASURE: """\
What we erased is gone from the system at the entrance. Backups from before hold it, encrypted, until newer ones have
taken their place; nothing is brought back from them. A log of what was done stays, in which an id that leads to nobody
stands for you, and so does this request until its own time is over. In other systems we erased: [where].

""",
}
"""What an answer says beside its reason, by what was asked."""
REMEDIES = """\
If you are not content, please tell us. You may complain to the Information Commissioner's Office: ico.org.uk, telephone
0303 123 1113.

"""
REFUSAL = """\
You may complain to us, and to the Information Commissioner's Office: ico.org.uk, telephone 0303 123 1113. You may also
seek a remedy in court (UK GDPR Article 12(4)).

"""
