"""Nothing personal is kept longer than it is needed (UK GDPR Art. 5(1)(e)): one table says what goes, when, and why.

Each rule counts days from a moment; when they are over the worker does what the rule says. The operator may choose
another period within the rule's bounds. What has no rule stands in `STAYS`, with the reason why it may stay: a table of
the store that is in neither fails a test.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stile.domain.errors import NotFound, WrongValue


class Subject(StrEnum):
    """What a rule is about."""

    PASSAGES = "passages"
    LAPSED_TEMPLATES = "lapsed members' templates"
    LAPSED_MEMBERS = "lapsed members"
    ENDED_CONSENTS = "ended consents"
    LINKS = "links"
    SESSIONS = "sessions"
    DEVICES = "devices"
    REQUESTS = "rights requests and complaints"
    FOI = "requests for information"
    IMPORTS = "imports"
    TOKENS = "tokens"
    OUTBOX = "outbox"


class What(StrEnum):
    """What happens when the time is over."""

    DELETE = "delete"
    COUNT_AND_DELETE = "count, then delete"
    DESTROY_TEMPLATE = "destroy template and key, end consent"
    ERASE_MEMBER = "erase everything personal"


@dataclass(frozen=True, slots=True)
class Rule:
    """`days`: the default; `least` and `most`: what an operator may choose. `since`: what the days are counted from.
    `reason` and `ground`: why so long, and by which provision, in words that can be shown to anybody."""

    subject: Subject
    label: str
    days: int
    least: int
    most: int
    since: str
    what: What
    reason: str
    ground: str

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.days <= self.most:
            raise WrongValue(f"{self.subject}: {self.days} days are not between {self.least} and {self.most}")

    def check(self, days: int) -> int:
        """The days, when an operator may choose them. Raises WrongValue."""
        if not self.least <= days <= self.most:
            raise WrongValue(f"{self.label} are kept for {self.least} to {self.most} days, not {days}")
        return days


LEAST_PASSAGE_DAYS = 31
"""One more than the store itself insists on (`migrations/rules_0009`): a setting that the store then refuses would
look as if it worked."""

SIX_YEARS = 6 * 365 + 2

RULES: Mapping[Subject, Rule] = {
    rule.subject: rule
    for rule in (
        Rule(
            Subject.PASSAGES,
            "Passages",
            90,
            LEAST_PASSAGE_DAYS,
            730,
            "the passage",
            What.COUNT_AND_DELETE,
            "Long enough to answer a complaint, a safeguarding question or a dispute about a visit. The numbers by "
            "day, lane, way in, outcome, reason and verdict stay, without a member.",
            "UK GDPR Art. 5(1)(e); Art. 6(1)(b) and (f)",
        ),
        Rule(
            Subject.LAPSED_TEMPLATES,
            "Templates of members who lapsed",
            30,
            0,
            90,
            "the day from which the membership did not admit any more",
            What.DESTROY_TEMPLATE,
            "Many renew within a month and need not enrol again. After that nobody comes in by this face, so the "
            "purpose of the consent is over.",
            "UK GDPR Art. 5(1)(e), Art. 9(2)(a), Art. 17(1)(a)",
        ),
        Rule(
            Subject.LAPSED_MEMBERS,
            "Members who lapsed",
            365,
            30,
            SIX_YEARS,
            "the day from which the membership did not admit any more",
            What.ERASE_MEMBER,
            "A year in which a membership can be taken up again and questions about it answered. The contract itself "
            "is in the membership system, under that system's own period.",
            "UK GDPR Art. 5(1)(e), Art. 17(1)(a)",
        ),
        Rule(
            Subject.ENDED_CONSENTS,
            "Consents that ended",
            SIX_YEARS,
            365,
            SIX_YEARS,
            "the withdrawal",
            What.DELETE,
            "The operator must be able to show that there was consent while a template was held, for as long as a "
            "claim can be brought. It goes with the member, if that is sooner: the audit log keeps that there was a "
            "consent, to which notice, and until when.",
            "UK GDPR Art. 7(1), Art. 17(3)(e); Limitation Act 1980 s. 5",
        ),
        Rule(
            Subject.LINKS,
            "Links to enrol, to join and to sign in",
            7,
            0,
            90,
            "their use, or their last day",
            What.DELETE,
            "A link that works no more is kept for a week, so that whoever is asked can tell why it does not.",
            "UK GDPR Art. 5(1)(e)",
        ),
        Rule(
            Subject.SESSIONS,
            "Sessions",
            1,
            0,
            30,
            "their end",
            What.DELETE,
            "A session that ended serves nothing. That somebody signed in stays in the audit log.",
            "UK GDPR Art. 5(1)(e)",
        ),
        Rule(
            Subject.DEVICES,
            "Screens that were never paired, or are no more",
            1,
            0,
            90,
            "their code's last minute, or their end",
            What.DELETE,
            "A code that was not used, and a screen that was sent away, serve nothing. The audit log has both.",
            "UK GDPR Art. 5(1)(e)",
        ),
        Rule(
            Subject.REQUESTS,
            "Rights requests and complaints",
            3 * 365,
            365,
            SIX_YEARS,
            "the answer",
            What.DELETE,
            "Long enough to answer the Commissioner, or the person who comes back to it.",
            "UK GDPR Art. 5(2), Art. 12; DPA 2018 s. 164A",
        ),
        Rule(
            Subject.FOI,
            "Requests for information that were answered or closed",
            3 * 365,
            365,
            SIX_YEARS,
            "their receipt",
            What.DELETE,
            "Long enough for a review, the Commissioner and the Tribunal, and to see that a question comes back. What "
            "was published stays published, without the name of who asked.",
            "UK GDPR Art. 5(1)(e); FOIA 2000 ss. 50 and 57",
        ),
        Rule(
            Subject.IMPORTS,
            "Reports of imports",
            90,
            7,
            730,
            "the import",
            What.DELETE,
            "A mistake in a file shows within a few weeks.",
            "UK GDPR Art. 5(1)(e)",
        ),
        Rule(
            Subject.TOKENS,
            "Tokens of programs that were revoked or ran out",
            90,
            0,
            730,
            "their end",
            What.DELETE,
            "So that an entry in the audit log can still be given the program's name.",
            "UK GDPR Art. 5(1)(e)",
        ),
        Rule(
            Subject.OUTBOX,
            "Notes to other programs about changes",
            30,
            7,
            365,
            "the change",
            What.DELETE,
            "A centre that was cut off for weeks still learns what changed. Holds ids and numbers only.",
            "UK GDPR Art. 5(1)(e)",
        ),
    )
}
"""The table, in the order in which it is shown and applied."""


AT_AUTHORITY = frozenset((Subject.LINKS, Subject.SESSIONS, Subject.FOI))
"""Rules about what an authority has: neither members nor lanes."""


class Because(StrEnum):
    """Why something may stay."""

    COUNTS = "Counts and measurements of the institution, without a person."
    AUDIT = (
        "The proof of what was done and by whom (Art. 5(2)). It holds ids and facts only; when a member is erased, "
        "nothing is left that says whose id it was. A log from which entries may go would prove nothing."
    )
    ERASED = (
        "Ids of who was erased, which consents ended and what was said no to, so that no backup undoes it."
    )
    PLACES = "Says nothing about a person."
    STAFF = (
        "An account lasts as long as the work. One that is closed keeps its name, because adjudications and the "
        "audit log name who decided."
    )
    GOES_WITH = "Goes with the member or the template that it belongs to."
    MEMBERS = "Has a rule of its own above, by the state of the membership."
    WORDS = "Words that members consented to; a consent names them by their hash."
    STATE = "The state of now, without history; goes by itself, within a day or two."
    KEEPING = "What was decided about retention, and what was done."
    PUBLISHED = "Published for everybody, without the name of who asked."


STAYS: Mapping[str, Because] = {
    "audit_entry": Because.AUDIT,
    "calibration": Because.COUNTS,
    "passage_count": Because.COUNTS,
    "spot_check": Because.COUNTS,
    "enrolment_count": Because.COUNTS,
    "erasure": Because.ERASED,
    "operator": Because.PLACES,
    "centre": Because.PLACES,
    "lane": Because.PLACES,
    "staff": Because.STAFF,
    "staff_passkey": Because.STAFF,
    "staff_code_generator": Because.STAFF,
    "staff_recovery_code": Because.STAFF,
    "register_entry": Because.PLACES,
    "register_feed": Because.PLACES,
    "assessment": Because.PLACES,
    "foi_disclosed": Because.PUBLISHED,
    "foi_disclosed_paper": Because.PUBLISHED,
    "wait": Because.COUNTS,
    "audit_checkpoint": Because.AUDIT,
    "audit_stamp": Because.AUDIT,
    "notice": Because.WORDS,
    "guardian": Because.GOES_WITH,
    "guardian_word": Because.GOES_WITH,
    "face_restriction": Because.GOES_WITH,
    "member_phone": Because.GOES_WITH,
    "member_pin": Because.GOES_WITH,
    "member_card": Because.GOES_WITH,
    "member_group": Because.GOES_WITH,
    "member_key": Because.GOES_WITH,
    "look_alike": Because.GOES_WITH,
    "adjudication": Because.GOES_WITH,
    "lapsed": Because.GOES_WITH,
    "presence": Because.STATE,
    "retention_period": Because.KEEPING,
    "retention_run": Because.KEEPING,
    "retention_permit": Because.STATE,
}
"""Tables of the store that no rule empties."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period that was chosen for a rule: how many days, by whom, when."""

    subject: Subject
    days: int
    actor: str
    at: datetime

    def __post_init__(self) -> None:
        RULES[self.subject].check(self.days)
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")


def rule_named(name: str) -> Rule:
    """Raises NotFound."""
    try:
        return RULES[Subject(name)]
    except ValueError:
        raise NotFound(f"There is no retention rule “{name}”.") from None


def in_force(chosen: Iterable[Period]) -> dict[Subject, int]:
    """Days of every rule. `chosen`: in the order in which they were chosen, the last one counts."""
    days = {subject: rule.days for subject, rule in RULES.items()}
    for one in chosen:
        days[one.subject] = one.days
    return days


def cut_off(days: int, now: datetime) -> datetime:
    """What is older than this moment goes."""
    return now - timedelta(days=days)
