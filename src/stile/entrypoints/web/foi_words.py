"""The steps of a request for information in plain words, for whoever handles them: what is to be done now, what a
button says, and what was done."""

from collections.abc import Mapping
from dataclasses import dataclass

from stile.domain.foi import State, Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.notices import About

STATES: Mapping[State, str] = {
    State.RECEIVED: "Received",
    State.VALID: "Valid",
    State.NOT_VALID: "Not valid yet",
    State.CLARIFYING: "Waiting for a clarification",
    State.FEE_HOLD: "Waiting for the fee",
    State.SEARCHING: "Being searched for",
    State.DRAFTING: "Being drafted",
    State.WEIGHING: "Public interest being weighed",
    State.REDACTION: "Being checked",
    State.APPROVAL: "Waiting for approval",
    State.SENT: "Sent",
    State.LOGGED: "Sent, in the disclosure log",
    State.CLOSED: "Closed",
    State.LAPSED: "Lapsed",
    State.INTERNAL_REVIEW: "Under internal review",
    State.ICO_COMPLAINT: "With the Information Commissioner",
    State.DECISION_NOTICE: "Decided by the Commissioner",
    State.TRIBUNAL: "With the tribunal",
}


@dataclass(frozen=True, slots=True)
class Said:
    """`do`: on its button. `done`: in the history. `note`: what a note is asked for, None where none is.
    `dated`: it may have come in on an earlier day."""

    do: str
    done: str
    note: str | None = None
    dated: bool = False


STEPS: Mapping[Step, Said] = {
    Step.ACKNOWLEDGE: Said("Acknowledge it", "Acknowledged"),
    Step.ACCEPT: Said("Accept it", "Accepted as valid"),
    Step.TURN_BACK: Said("Say what is missing", "Told what makes it valid"),
    Step.MADE_VALID: Said("It was made valid", "It was made valid", dated=True),
    Step.ASK: Said("Ask what is meant", "Asked what is meant"),
    Step.CLARIFIED: Said("It was clarified", "It was clarified", dated=True),
    Step.CHARGE: Said("Send a fees notice", "Fees notice given"),
    Step.PAID: Said("The fee came", "The fee came", dated=True),
    Step.NO_ANSWER: Said("Nothing came in time", "Closed: nothing came in time"),
    Step.SEARCH: Said("Begin the search", "Search began", "Where is searched, here and at others"),
    Step.DRAFT: Said("Draft from the register", "Drafted"),
    Step.WEIGH: Said("Extend to weigh the public interest", "Extended to weigh the public interest"),
    Step.WEIGHED: Said("The public interest is weighed", "Public interest weighed", "What was weighed"),
    Step.CHECK: Said("Check it", "Given to be checked"),
    Step.FOUND: Said("Something must come out", "Something was found", "What has to come out"),
    Step.CLEAR: Said("Nothing is left: to approval", "Checked: nothing left to take out"),
    Step.RETURN: Said("Return it", "Returned for another draft", "What should be different"),
    Step.SEND: Said("Approve: it goes", "Approved and sent", dated=True),
    Step.LOG: Said("Enter it into the disclosure log", "Entered into the disclosure log"),
    Step.CLOSE: Said("Close it", "Closed"),
    Step.WITHDRAW: Said("They withdrew it", "Withdrawn by the requester", "What they wrote", dated=True),
    Step.ASK_REVIEW: Said("They ask for a review", "A review was asked for", "What they wrote", dated=True),
    Step.REVIEW_LONGER: Said("Take longer for the review", "More time taken for the review"),
    Step.REVIEWED: Said("Answer the review", "Review answered"),
    Step.COMPLAIN: Said(
        "They complained to the ICO", "Complaint to the ICO", "The ICO’s reference", dated=True
    ),
    Step.DECIDE: Said("The ICO decided", "Decision notice of the ICO", "What was decided", dated=True),
    Step.APPEAL: Said("An appeal was made", "Appeal to the tribunal", "By whom, and its number", dated=True),
    Step.RULE: Said("The tribunal ruled", "The tribunal ruled", "What it ruled", dated=True),
}

NEXT: Mapping[State, tuple[Step, str]] = {
    State.RECEIVED: (
        Step.ACCEPT,
        "Is there a name, an address for the answer, and a description of the information (s. 8)? Then it is valid, "
        "whatever it is called.",
    ),
    State.NOT_VALID: (
        Step.MADE_VALID,
        "When what was missing has come, the 20 working days begin with that day.",
    ),
    State.VALID: (
        Step.SEARCH,
        "Is it clear what is asked for? Then look for it: here, and at those who hold it on our behalf (s. 3(2)).",
    ),
    State.CLARIFYING: (
        Step.CLARIFIED,
        "When they have answered, the 20 working days begin anew with that day.",
    ),
    State.FEE_HOLD: (Step.PAID, "The days until the fee has come do not count (s. 10(2))."),
    State.SEARCHING: (
        Step.DRAFT,
        "The register answers what it can, each sentence with the entry it rests on. The rest is yours to write.",
    ),
    State.DRAFTING: (
        Step.CHECK,
        "Complete the answers below. When every question has one, give it to be checked for what must not go out.",
    ),
    State.WEIGHING: (Step.WEIGHED, "Weigh the public interest, then finish the draft."),
    State.REDACTION: (
        Step.CLEAR,
        "Read the letter and every paper once more. Names, addresses and what lies hidden in files must not go out.",
    ),
    State.APPROVAL: (
        Step.SEND,
        "Somebody who wrote none of it reads the letter and what goes with it, and lets it go or returns it.",
    ),
    State.SENT: (
        Step.LOG,
        "Send it today, by the e-mail under “Papers and redaction” or by post. What was answered to one may be read by "
        "all: enter it, without who asked; or close it where nobody else may read it.",
    ),
    State.LOGGED: (Step.CLOSE, "Nothing more is owed."),
    State.INTERNAL_REVIEW: (
        Step.REVIEWED,
        "Somebody who wrote none of the answer looks at all of it again: 20 working days, 40 where it is complex.",
    ),
    State.ICO_COMPLAINT: (
        Step.DECIDE,
        "The Commissioner asks, and we answer. Note the decision when it has come.",
    ),
    State.DECISION_NOTICE: (
        Step.CLOSE,
        "Do what the notice says, within its days; an appeal has 28 days (s. 57).",
    ),
    State.TRIBUNAL: (Step.RULE, "Note what the tribunal ruled."),
}
"""The ordinary step of each state, and what it asks for. Closed and lapsed requests have none."""

HELD: Mapping[Held, str] = {
    Held.HELD: "Held",
    Held.PARTLY: "Partly held",
    Held.NOT_HELD: "Not held",
    Held.NOT_MATCHED: "For you to answer",
}
TOLD: Mapping[About, str] = {
    About.ACKNOWLEDGEMENT: "Acknowledgement",
    About.NOT_VALID: "What makes it valid",
    About.CLARIFICATION: "Ask what is meant",
    About.FEES: "Fees notice",
    About.EXTENSION: "More time for the public interest",
    About.REVIEW_LONGER: "More time for the review",
    About.REVIEW_OUTCOME: "Outcome of the review",
}
SAID: Mapping[str, str] = {
    "logged": "Logged. The clock runs.",
    "taken": "Noted.",
    "sent": "Sent by e-mail, and noted.",
    "drafted": "Drafted from the register. Please read it, and complete what it leaves to you.",
    "saved": "Saved as a new version.",
    "same": "Nothing was changed.",
    "restored": "The earlier version is taken back, as a new one.",
    "refused": "The refusal stands in the answer.",
    "taken-back": "The refusal is taken back.",
    "amended": "Corrected.",
}
"""What came of it; a closed set, so that no link can put words on the page."""


def sentence(error: Exception) -> str:
    """What an error says, as a sentence on a page."""
    told = str(error).rstrip(".")
    return f"{told[0].upper()}{told[1:]}."
