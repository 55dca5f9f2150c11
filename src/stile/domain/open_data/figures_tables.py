"""The figures as tables: one row a figure and a denominator, one row a way in."""

from collections.abc import Iterator

from stile.domain.account import Account
from stile.domain.figures import Estimate, Figure, Figures, Share
from stile.domain.member_groups import SHARES, GroupFigures, GroupMeasure
from stile.domain.open_data.figures_json import because, status, wait_json
from stile.domain.open_data.tables import DAY, NUMBER, WHOLE, Cell, Column, Table

WHEN_AND_WHERE = (
    Column("period", "Period", "Calendar month, ISO 8601.", required=True),
    Column("first_day", "First day", "Of the period, on the centres' clock.", DAY, True),
    Column(
        "last_day",
        "Last day",
        "Of the period, on the centres' clock; the newest month may not be over.",
        DAY,
        True,
    ),
    Column(
        "centre",
        "Centre",
        "The centre's id, a key of deployments.csv; “all” for all together.",
        required=True,
    ),
    Column("place", "Place", "The centre's name.", required=True),
)
STATUS = "counted, not measured or suppressed: three different things. 0 is counted."
FIGURES = (
    *WHEN_AND_WHERE,
    Column(
        "measure", "Measure", "What was counted; the names are explained in the reference.", required=True
    ),
    Column(
        "basis",
        "Basis",
        "counted: all of them; noticed: a lower bound; spot checks: an estimate.",
        required=True,
    ),
    Column("count", "Count", "The raw number.", WHOLE),
    Column("count_status", "Status of the count", STATUS, required=True),
    Column("of", "Denominator", "What the count is a share of; “none” for a plain count.", required=True),
    Column("trials", "Trials", "The denominator's own number.", WHOLE),
    Column("rate", "Rate", "The share, of 1.", NUMBER),
    Column("lower", "Lower", "Lower end of the 95 % interval.", NUMBER),
    Column("upper", "Upper", "Upper end of the 95 % interval.", NUMBER),
    Column("interval", "Interval", "How the interval was made."),
    Column("rate_status", "Status of the rate", STATUS),
    Column("because", "Because", "Why there is no count or rate."),
)
WAITS = (
    *WHEN_AND_WHERE,
    Column("way", "Way", "Face, card, PIN, code on a phone, or by hand.", required=True),
    Column("passages", "Passages", "How many came by it.", WHOLE, True),
    Column("turned_away", "Turned away", "By what the way did: not recognised, wrong PIN.", WHOLE, True),
    Column(
        "by_membership", "By the membership", "Not let in by the membership, whatever the way.", WHOLE, True
    ),
    Column("timed", "Timed", "Passages whose wait was measured.", WHOLE, True),
    Column("status", "Status", STATUS, required=True),
    Column(
        "median_ms", "Median", "Milliseconds from the touch to the decision: half waited no longer.", NUMBER
    ),
    Column("ninth_decile_ms", "Ninth decile", "Nine of ten waited no longer.", NUMBER),
)


GROUPS = (
    WHEN_AND_WHERE[0],
    Column("first_day", "First day", "Of the period, on the centres' clock.", DAY, True),
    Column("last_day", "Last day", "Of the period, on the centres' clock.", DAY, True),
    Column(
        "group", "Group", "That members placed themselves in; the last one is all the rest.", required=True
    ),
    Column("measure", "Measure", "What was counted.", required=True),
    Column("count", "Count", "The raw number.", WHOLE),
    Column("count_status", "Status of the count", STATUS, required=True),
    Column("of", "Denominator", "What the count is a share of; “none” for a plain count.", required=True),
    Column("rate", "Rate", "The share, of 1.", NUMBER),
    Column("lower", "Lower", "Lower end of the 95 % interval.", NUMBER),
    Column("upper", "Upper", "Upper end of the 95 % interval.", NUMBER),
    Column("rate_status", "Status of the rate", STATUS),
    Column("because", "Because", "Why there is no count or rate."),
)


def figures_tables(account: Account) -> tuple[Table, ...]:
    """None for an authority, which has no figures of its own."""
    if not account.has_figures:
        return ()
    return (
        Table(
            "figures.csv",
            "How often it was used, and how often it was wrong",
            "Counts and rates of each month and centre; false alerts with both denominators.",
            FIGURES,
            tuple(row for one in account.figures for row in _figures(one)),
            ("period", "centre", "measure", "of"),
        ),
        Table(
            "waits.csv",
            "How long people waited, by face and without",
            "Waits and refusals of each way in, of each month and centre.",
            WAITS,
            tuple(row for one in account.figures for row in _waits(one)),
            ("period", "centre", "way"),
        ),
        *_groups(account),
    )


def _groups(account: Account) -> tuple[Table, ...]:
    if not account.groups:
        return ()
    about = "By the groups that members placed themselves in, of all centres together; small numbers are not shown."
    rows = tuple(row for one in account.groups for row in _by_group(one))
    key = ("period", "group", "measure")
    return (Table("groups.csv", "Whether it is wrong more often for some", about, GROUPS, rows, key),)


def _by_group(one: GroupFigures) -> Iterator[tuple[Cell, ...]]:
    of = dict(SHARES)
    for group in one.groups:
        for measure in GroupMeasure:
            count = one.count(measure, group)
            number = count if isinstance(count, int) else None
            begun = (one.period.key, one.period.first, one.period.last, group, measure.value, number)
            if measure not in of:
                yield (*begun, status(count), "none", None, None, None, None, because(count))
                continue
            rate = one.rate(measure, of[measure], group)
            found: tuple[Cell, ...] = (None, None, None)
            if isinstance(rate, Estimate):
                found = (rate.value, rate.interval.lower, rate.interval.upper)
            why = because(count) or because(rate)
            yield (*begun, status(count), of[measure].value, *found, status(rate), why)


def _where(one: Figures) -> tuple[Cell, ...]:
    centre = "all" if one.centre is None else str(one.centre)
    return (one.period.key, one.period.first, one.period.last, centre, one.place)


def _figures(one: Figures) -> Iterator[tuple[Cell, ...]]:
    for figure in one:
        for share in figure.shares or (None,):
            yield (*_where(one), *_count(figure), *_rate(figure, share))


def _count(one: Figure) -> tuple[Cell, ...]:
    number = one.count if isinstance(one.count, int) else None
    return (one.measure.value, one.basis.value, number, status(one.count))


def _rate(figure: Figure, share: Share | None) -> tuple[Cell, ...]:
    if share is None:
        return ("none", None, None, None, None, None, None, because(figure.count))
    trials = share.trials if isinstance(share.trials, int) else None
    rate = share.rate
    if isinstance(rate, Estimate):
        found = (rate.value, rate.interval.lower, rate.interval.upper, rate.by.value)
        return (share.of.value, trials, *found, status(rate), because(figure.count))
    return (share.of.value, trials, None, None, None, None, status(rate), because(rate))


def _waits(one: Figures) -> Iterator[tuple[Cell, ...]]:
    for row in one.waits:
        told = wait_json(row)
        waited = told["to_decision"]
        yield (
            *_where(one),
            told["way"],
            told["passages"],
            told["turned_away"],
            told["by_membership"],
            waited["timed"],
            waited["status"],
            waited["median_ms"],
            waited["ninth_decile_ms"],
        )
