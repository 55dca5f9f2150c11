"""Tables of people: how many are enrolled, by centre and age group; and of what was asked and answered, without who
asked."""

from stile.domain.account import Account
from stile.domain.open_data.figures_json import because, status
from stile.domain.open_data.tables import DAY, WHOLE, Column, Table

ENROLLED = (
    Column(
        "centre",
        "Centre",
        "The centre's id, a key of deployments.csv; “all” for all together.",
        required=True,
    ),
    Column("place", "Place", "The centre's name.", required=True),
    Column(
        "age_group",
        "Age group",
        "Under 13, 13 to 17, 18 and over, not recorded; “all” for all.",
        required=True,
    ),
    Column("members", "Members", "How many have a template.", WHOLE),
    Column("status", "Status", "counted, not measured or suppressed: three different things.", required=True),
    Column("because", "Because", "Why there is no number."),
)
ASKED = (
    Column("ref", "Reference", "Of the request.", required=True),
    Column("received", "Received", "The day it came.", DAY, True),
    Column("answered", "Answered", "The day the answer went.", DAY, True),
    Column("published", "Published", "The day it was published.", DAY, True),
    Column("law", "Law", "Under which it was handled.", required=True),
    Column("title", "Title", "What it was about.", required=True),
    Column("n", "Number", "Of the question.", WHOLE, True),
    Column("question", "Question", "What was asked.", required=True),
    Column("held", "Held", "Whether the information is held.", required=True),
    Column("answer", "Answer", "What was answered."),
    Column("refused", "Refused", "The exemption, and why it applies."),
)


def people_tables(account: Account) -> tuple[Table, ...]:
    return (*_enrolled(account), *_asked(account))


def _enrolled(account: Account) -> tuple[Table, ...]:
    if account.enrolled is None:
        return ()
    rows = tuple(
        (centre, place, group, count if isinstance(count, int) else None, status(count), because(count))
        for centre, place, group, count in account.enrolled.lines
    )
    about = "Members who agreed and have a template, by centre and age group; small numbers are not shown."
    return (Table("enrolled.csv", "Who is enrolled", about, ENROLLED, rows, ("centre", "age_group")),)


def _asked(account: Account) -> tuple[Table, ...]:
    if not account.disclosed:
        return ()
    rows = tuple(
        (
            one.ref,
            one.received,
            one.answered,
            one.published_on,
            one.regime.value,
            one.title,
            answer.n,
            answer.question,
            answer.held.value,
            answer.text or None,
            answer.refused or None,
        )
        for one in account.disclosed
        for answer in one.answers
    )
    about = "Requests for information, question by question, and nothing of who asked."
    return (Table("disclosure-log.csv", "What was asked and answered", about, ASKED, rows, ("ref", "n")),)
