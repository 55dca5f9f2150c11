"""Storage limitation and erasure inside the database (UK GDPR Art. 5(1)(e) and Art. 17).

- A passage goes only under a permit whose cut-off is later than the passage and 30 days or more in the past, by the
  database's own clock. Before it goes it is counted, with the latest verdict on it, in the same statement: nobody can
  delete one and lose the figure. A permit is written and taken back within one transaction.
- A consent that ends and a member who is erased are remembered by id, whoever ended it: a restored backup must not
  bring them back.
- An erased member stays erased. What was counted and what was remembered is only added to.
"""

from collections.abc import Iterator

from stile.adapters.storage.migrations.rules_0001 import (
    APPEND_ONLY,
    _function,
    _raise,
    _refuse,
    _trigger,
)

LEAST_DAYS = 30
PASSAGE_STAYS = "law 6: passage is only added to, until the time that the retention rules give it is over"
ADJUDICATION_STAYS = "law 6: adjudication is only added to, and goes with its passage"
PERMIT_TOO_NEW = f"law 6: what is younger than {LEAST_DAYS} days is never deleted"
ERASED_STAYS = "an erased member stays erased"
COUNT_STAYS = "what was counted of passages is only added to"

UNDER_PERMIT = "EXISTS (SELECT 1 FROM retention_permit WHERE retention_permit.cut_off > {at})"
ITS_TIME = "(SELECT passage.at FROM passage WHERE passage.id = OLD.passage)"
LATEST_VERDICT = (
    "COALESCE((SELECT adjudication.verdict FROM adjudication WHERE adjudication.passage = OLD.id"
    " ORDER BY adjudication.at DESC, adjudication.id DESC LIMIT 1), '')"
)
COUNT = (
    "INSERT INTO passage_count (day, lane, method, outcome, reason, verdict, passages, timed, ms)"  # noqa: S608
    f" VALUES ({{day}}, OLD.lane, OLD.method, OLD.outcome, OLD.reason, {LATEST_VERDICT}, 1,"
    " CASE WHEN OLD.ms IS NULL THEN 0 ELSE 1 END, COALESCE(OLD.ms, 0.0))"
    " ON CONFLICT (day, lane, method, outcome, reason, verdict) DO UPDATE SET"
    " passages = passage_count.passages + 1, timed = passage_count.timed + excluded.timed,"
    " ms = passage_count.ms + excluded.ms;"
    " DELETE FROM adjudication WHERE adjudication.passage = OLD.id;"
)
FEWER = (
    "NEW.passages < OLD.passages OR NEW.day <> OLD.day OR NEW.lane <> OLD.lane OR NEW.method <> OLD.method"
    " OR NEW.outcome <> OLD.outcome OR NEW.reason <> OLD.reason OR NEW.verdict <> OLD.verdict"
)


def _remember(what: str, subject: str, member: str, at: str) -> str:
    return (
        "INSERT INTO erasure (n, what, subject, member, at)"  # noqa: S608 (names from this file)
        f" SELECT COALESCE(MAX(n), 0) + 1, '{what}', {subject}, {member}, {at} FROM erasure;"
    )


ENDED = _remember("consent", "NEW.id", "NEW.member", "NEW.withdrawn_at")
ERASED = _remember("member", "NEW.id", "NEW.id", "NEW.erased_at")


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    now = "(CAST(strftime('%s', 'now') AS INTEGER) * 1000000)"
    too_new = f"NEW.cut_off > {now} - {LEAST_DAYS} * 86400000000"
    yield _refuse("retention_permit_insert", "INSERT ON retention_permit", too_new, PERMIT_TOO_NEW)
    yield _refuse("retention_permit_update", "UPDATE ON retention_permit", "1", PERMIT_TOO_NEW)
    day = "strftime('%Y-%m-%d', OLD.at / 1000000, 'unixepoch')"
    yield "DROP TRIGGER passage_delete"
    yield (
        "CREATE TRIGGER passage_delete BEFORE DELETE ON passage BEGIN"
        f" SELECT RAISE(ABORT, '{PASSAGE_STAYS}') WHERE NOT {UNDER_PERMIT.format(at='OLD.at')};"
        f" {COUNT.format(day=day)} END"
    )
    yield "DROP TRIGGER adjudication_delete"
    yield _refuse(
        "adjudication_delete",
        "DELETE ON adjudication",
        f"NOT {UNDER_PERMIT.format(at=ITS_TIME)}",
        ADJUDICATION_STAYS,
    )
    yield _refuse("passage_count_update", "UPDATE ON passage_count", FEWER, COUNT_STAYS)
    yield _refuse("passage_count_delete", "DELETE ON passage_count", "1", COUNT_STAYS)
    yield (
        "CREATE TRIGGER consent_remembered AFTER UPDATE ON consent"
        f" WHEN OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL BEGIN {ENDED} END"
    )
    yield (
        "CREATE TRIGGER member_remembered AFTER UPDATE ON member"
        f" WHEN OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL BEGIN {ERASED} END"
    )
    yield _refuse("member_stays_erased", "UPDATE ON member", "OLD.erased_at IS NOT NULL", ERASED_STAYS)
    for change in ("UPDATE", "DELETE"):
        message = APPEND_ONLY.format(table="erasure")
        yield _refuse(f"erasure_{change.lower()}", f"{change} ON erasure", "1", message)


def _postgresql() -> Iterator[str]:
    too_new = f"NEW.cut_off > now() - interval '{LEAST_DAYS} days'"
    yield _function(
        "retention_permit_is_old",
        f"IF TG_OP = 'UPDATE' OR {too_new} THEN {_raise(PERMIT_TOO_NEW)} END IF; RETURN NEW;",
    )
    yield _trigger("retention_permit_is_old", "BEFORE INSERT OR UPDATE ON retention_permit")
    day = "(OLD.at AT TIME ZONE 'UTC')::date"
    yield _again(
        "passage_only_added",
        f"IF TG_OP <> 'DELETE' OR NOT {UNDER_PERMIT.format(at='OLD.at')} THEN"
        f" {_raise(PASSAGE_STAYS)} END IF; {COUNT.format(day=day)} RETURN OLD;",
    )
    # TRUNCATE has no OLD: what keeps the table whole is a function of its own from here on.
    yield _again(
        "adjudication_only_added",
        f"IF TG_OP <> 'DELETE' OR NOT {UNDER_PERMIT.format(at=ITS_TIME)} THEN"
        f" {_raise(ADJUDICATION_STAYS)} END IF; RETURN OLD;",
    )
    for table, message in (("passage", PASSAGE_STAYS), ("adjudication", ADJUDICATION_STAYS)):
        yield _function(f"{table}_not_emptied", _raise(message))
        yield f"DROP TRIGGER {table}_kept ON {table}"
        yield _trigger(
            f"{table}_not_emptied", f"BEFORE TRUNCATE ON {table}", name=f"{table}_kept", each="STATEMENT"
        )
    yield _function(
        "passage_count_stays",
        f"IF TG_OP = 'DELETE' THEN {_raise(COUNT_STAYS)} END IF;"
        f" IF {FEWER} THEN {_raise(COUNT_STAYS)} END IF; RETURN NEW;",
    )
    yield _trigger("passage_count_stays", "BEFORE UPDATE OR DELETE ON passage_count")
    yield _function(
        "consent_remembered",
        f"IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL THEN {ENDED} END IF; RETURN NEW;",
    )
    yield _trigger("consent_remembered", "AFTER UPDATE ON consent")
    yield _function(
        "member_remembered",
        f"IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL THEN {ERASED} END IF; RETURN NEW;",
    )
    yield _trigger("member_remembered", "AFTER UPDATE ON member")
    yield _function(
        "member_stays_erased",
        f"IF OLD.erased_at IS NOT NULL THEN {_raise(ERASED_STAYS)} END IF; RETURN NEW;",
    )
    yield _trigger("member_stays_erased", "BEFORE UPDATE ON member")
    yield _function("erasure_only_added", _raise(APPEND_ONLY.format(table="erasure")))
    yield _trigger("erasure_only_added", "BEFORE UPDATE OR DELETE ON erasure")


def _again(name: str, body: str) -> str:
    return _function(name, body).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
