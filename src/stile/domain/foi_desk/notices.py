"""What a requester is told on the way to an answer, ready to send. What the law wants said is in each; the rest is for
the officer, in square brackets: nothing goes out while one of them is left.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.domain.foi import State, Step, possible, reviewing
from stile.domain.foi_desk.fees import PAY_WITHIN, clarify_until, pay_until
from stile.domain.foi_desk.letter import Sender
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.request import FoiRequest
from stile.domain.foi_desk.sentences import day


class About(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    NOT_VALID = "what makes it valid"
    CLARIFICATION = "clarification"
    FEES = "fees notice"
    EXTENSION = "extension"
    REVIEW_LONGER = "longer review"
    REVIEW_OUTCOME = "outcome of the review"


STEP_OF: dict[About, Step] = {
    About.ACKNOWLEDGEMENT: Step.ACKNOWLEDGE,
    About.NOT_VALID: Step.TURN_BACK,
    About.CLARIFICATION: Step.ASK,
    About.FEES: Step.CHARGE,
    About.EXTENSION: Step.WEIGH,
    About.REVIEW_LONGER: Step.REVIEW_LONGER,
    About.REVIEW_OUTCOME: Step.REVIEWED,
}
"""Each of these steps is taken by telling the requester, and no other way."""
ABOUT = {step: about for about, step in STEP_OF.items()}


@dataclass(frozen=True, slots=True)
class Written:
    about: About
    subject: str
    text: str


def fitting(state: State) -> list[About]:
    """What may be told now, in the order of the work."""
    steps = set(possible(state))
    return [about for about, step in STEP_OF.items() if step in steps]


def write(
    about: About,
    request: FoiRequest,
    sender: Sender,
    today: date,
    by: date,
    fee: str = "",
    automatic: bool = False,
) -> Written:
    """`by`: the day by which the answer, or the outcome of a review, is due. `fee`: the amount and what it is for.
    `automatic`: it goes to an address that nobody has checked, so that it repeats nothing of what was written."""
    begun = reviewing(request.taken) if request.state is State.INTERNAL_REVIEW else None
    body = _flowing(TEXTS[about]).format(
        ref=request.ref,
        received=day(begun[0] if begun else request.received),
        by=day(by),
        law=_law(sender, request.regime),
        clarify="regulation 9(2) of the Environmental Information Regulations 2004"
        if request.regime is Regime.EIR
        else "section 1(3) of the Freedom of Information Act 2000",
        questions="" if automatic else _questions(request),
        fee=fee or "[amount, and what it is for]",
        pay_until=day(pay_until(today)),
        clarify_until=day(clarify_until(today)),
        months=PAY_WITHIN,
        asked="your request for a review of our answer" if begun else "your request",
        complain=f"If you are not content with this, you can complain to the Information Commissioner, free of charge: "
        f"{sender.ico}."
        if sender.bound
        else "",
    )
    greeting = "Hello," if automatic or not request.requester.name else f"Dear {request.requester.name},"
    rights = _rights(sender) if about in (About.FEES, About.EXTENSION) else ""
    ending = "\n".join(one for one in (sender.team, sender.name, *sender.address, sender.email) if one)
    return Written(
        about,
        f"{SUBJECTS[about]}, reference {request.ref}",
        f"{day(today)}\nReference {request.ref}\n\n{greeting}\n\n{body.strip()}\n\n{rights}{ending}\n",
    )


def _law(sender: Sender, regime: Regime) -> str:
    if regime not in (Regime.FOI, Regime.EIR):
        return f"We handle it under {regime.value}."
    if sender.bound:
        return f"We handle it under the {regime}."
    return f"The {regime} does not bind us; we answer of our own accord, as it asks of those whom it binds."


def _flowing(text: str) -> str:
    """A paragraph is one line: whatever shows it breaks it where it must."""
    return "\n\n".join(" ".join(one.split("\n")).strip() for one in text.split("\n\n"))


def _questions(request: FoiRequest) -> str:
    if not request.questions:
        return ""
    asked = "\n".join(f"{one.n}. {one.text}" for one in request.questions)
    return f"This is what we understand you to ask:\n\n{asked}\n\n"


def _rights(sender: Sender) -> str:
    where = sender.email or ", ".join((sender.team, sender.name, *sender.address))
    ask = f"If you are not content with this, you can ask us for a review within 40 working days by writing to {where}."
    if not sender.bound:
        return f"{ask}\n\n"
    return f"{ask} After that you can complain to the Information Commissioner, free of charge: {sender.ico}.\n\n"


SUBJECTS = {
    About.ACKNOWLEDGEMENT: "We received your request",
    About.NOT_VALID: "Your request needs a little more",
    About.CLARIFICATION: "A question about your request",
    About.FEES: "Fees notice for your request",
    About.EXTENSION: "More time for your request",
    About.REVIEW_LONGER: "More time for your review",
    About.REVIEW_OUTCOME: "Outcome of your review",
}
TEXTS = {
    About.ACKNOWLEDGEMENT: """\
Thank you. We received {asked} on {received}. Our reference is {ref}; please give it when you write to us about
it.

{questions}You have our answer by {by} at the latest. {law} If we need to know more about what you
are looking for, we ask you soon.

""",
    About.NOT_VALID: """\
Thank you for your message, which we received on {received}. We want to help, and cannot handle it as a request for
information yet.

Section 8 of the Freedom of Information Act 2000 asks for a request in writing, with the name of the person who asks, an
address for the answer (e-mail will do) and a description of the information. What is missing here: [what is missing].

As soon as we have this, the 20 working days begin. If you tell us nothing by {clarify_until}, we close it; you can ask
again at any time.

""",
    About.CLARIFICATION: """\
Thank you for your request, which we received on {received}.

{questions}To find what you are looking for we need to know more ({clarify}):
[what, and from when to when; what we could offer instead].

The 20 working days begin anew on the day after we have your answer. If you tell us nothing by {clarify_until}, we close
the request; you can ask again at any time.

""",
    About.FEES: """\
Thank you for your request, which we received on {received}.

This is a fees notice under section 9 of the Freedom of Information Act 2000. To send you the information costs
{fee}. We charge nothing for the time that we spend on it.

Please pay by {pay_until}, {months} months from the day of this notice, [how to pay]. The days until we have your
payment do not count towards the 20 working days. After that day we need not go on (section 9(2)). Would another form
do, such as e-mail? Then tell us: it may cost nothing.

""",
    About.EXTENSION: """\
Thank you for your request, which we received on {received}.

We believe that part of what you ask for may be exempt under [the exemption: section, subsection, and why it applies].
This exemption is a qualified one: the information is given unless the public interest in keeping it is the greater. To
weigh this we need more time (sections 10(3) and 17(2) of the Freedom of Information Act 2000). We estimate that you
have our decision by {by}.

What is not affected you get without waiting for it.

""",
    About.REVIEW_LONGER: """\
You asked us for a review of our answer, reference {ref}. It is complex: [why]. We answer by {by} at the latest, within
40 working days of your asking.

""",
    About.REVIEW_OUTCOME: """\
You asked us for a review of our answer, reference {ref}. Somebody who did not write that answer has looked at all of it
again.

What we found: [whether the answer stands, and why; what we give you now; what we do differently].

{complain}

""",
}
