"""How requests for information were handled, as a table: what the Code of Practice asks an authority to publish."""

from stile.domain.account import Account
from stile.domain.foi_desk.counting import COUNTS
from stile.domain.open_data.tables import DAY, WHOLE, Column, Table

ABOUT = {
    "received": "Requests received in the period.",
    "outstanding": "Of those, not yet answered.",
    "outstanding_extended": "Of those not yet answered, with more time to weigh the public interest.",
    "outstanding_clock_stopped": "Of those not yet answered, waiting for the requester.",
    "outstanding_overdue": "Of those not yet answered, past the day they were due.",
    "answered": "Of those received, answered.",
    "answered_within_20_days": "Answered on or before the 20th working day.",
    "answered_within_extension": "Answered in time after an extension.",
    "answered_late": "Answered later than the law allows.",
    "granted_in_full": "All that was asked for was given.",
    "granted_in_part": "Part of it was given.",
    "refused_in_full": "All of it was refused.",
    "information_not_held": "Nothing of it is held.",
    "withdrawn_or_lapsed": "Ended without an answer: withdrawn, or nothing came in time.",
    "internal_reviews_requested": "Of those received, reviews were asked for.",
}
HANDLED = (
    Column("period", "Period", "Calendar quarter in which requests were received.", required=True),
    Column("first_day", "First day", "Of the period.", DAY, True),
    Column("last_day", "Last day", "Of the period.", DAY, True),
    Column("law", "Law", "Under which they were handled.", required=True),
    *(
        Column(name, name.replace("_", " ").capitalize(), ABOUT[name], WHOLE, required=True)
        for name in COUNTS
    ),
)


def handled_tables(account: Account) -> tuple[Table, ...]:
    """None before a quarter with a request is over."""
    if not account.handled:
        return ()
    rows = tuple(
        (one.name, one.first, one.last, one.regime.value, *(getattr(one, name) for name in COUNTS))
        for one in account.handled
    )
    about = "Requests for information by quarter: answered in time or late, granted or not (s. 45 Code, 8.5)."
    title = "How requests for information were handled"
    return (Table("foi-statistics.csv", title, about, HANDLED, rows, ("period", "law")),)
