"""Laws 1, 2 and 6 inside the database, for whoever comes past the program with a database tool.

- No template without a live consent of its own member; a consent that ends takes its templates and their keys
  along; a template that goes takes its key along.
- A consent's words, giver and time never change, and a withdrawal is never taken back.
- Passages and audit entries are only added: no change, no deletion.

Each message starts with its law; `stile.adapters.storage.errors` reads it.
"""

from collections.abc import Iterator

NO_CONSENT = "law 2: no template without a live consent of its member"
CONSENT_STANDS = "law 2: a consent does not change, and a withdrawal is not taken back"
TEMPLATE_STAYS = "law 2: a template stays with its member and pack"
APPEND_ONLY = "law 6: {table} is only added to"
NEVER_REPLACED = "never replaced: {table} has it already"

FIXED = ("id", "member", "notice_version", "notice_sha256", "channel", "given_by", "given_at")


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    # `INSERT OR REPLACE` deletes the old row without firing its delete trigger: hence the guards on INSERT.
    # Foreign keys are off in a foreign tool: hence the check of consent and member here as well.
    live = (
        "NOT EXISTS (SELECT 1 FROM consent WHERE consent.id = NEW.consent AND consent.member = NEW.member"
        " AND consent.withdrawn_at IS NULL)"
    )
    yield _refuse("template_insert", "INSERT ON template", live, NO_CONSENT)
    yield _refuse("template_update", "UPDATE ON template", live, NO_CONSENT)
    yield _refuse(
        "template_stays",
        "UPDATE ON template",
        "NEW.id <> OLD.id OR NEW.member <> OLD.member OR NEW.pack <> OLD.pack",
        TEMPLATE_STAYS,
    )
    yield _refuse(
        "template_replace",
        "INSERT ON template",
        _known("template", "id"),
        NEVER_REPLACED.format(table="template"),
    )
    yield (
        "CREATE TRIGGER template_takes_key BEFORE DELETE ON template BEGIN"
        " DELETE FROM member_key WHERE member = OLD.member AND pack = OLD.pack; END"
    )
    changed = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in FIXED)
    again = "(OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NOT OLD.withdrawn_at)"
    yield _refuse("consent_stands", "UPDATE ON consent", f"{changed} OR {again}", CONSENT_STANDS)
    yield _refuse(
        "consent_replace",
        "INSERT ON consent",
        _known("consent", "id"),
        NEVER_REPLACED.format(table="consent"),
    )
    yield (
        "CREATE TRIGGER consent_withdrawn AFTER UPDATE ON consent WHEN NEW.withdrawn_at IS NOT NULL BEGIN"
        " DELETE FROM template WHERE consent = NEW.id; END"
    )
    yield (
        "CREATE TRIGGER consent_deleted BEFORE DELETE ON consent BEGIN"
        " DELETE FROM template WHERE consent = OLD.id; END"
    )
    for table, key in (("passage", "id"), ("audit_entry", "position")):
        message = APPEND_ONLY.format(table=table)
        yield _refuse(f"{table}_update", f"UPDATE ON {table}", "1", message)
        yield _refuse(f"{table}_delete", f"DELETE ON {table}", "1", message)
        yield _refuse(
            f"{table}_replace", f"INSERT ON {table}", _known(table, key), NEVER_REPLACED.format(table=table)
        )


def _known(table: str, key: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {table}.{key} = NEW.{key})"  # noqa: S608 (names from this file)


def _refuse(name: str, when: str, condition: str, message: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _postgresql() -> Iterator[str]:
    # FOR SHARE makes an insertion wait for a withdrawal under way, and a withdrawal for an insertion: without
    # it both could commit, and a template would stand under a dead consent.
    yield _function(
        "template_needs_consent",
        "PERFORM 1 FROM consent WHERE id = NEW.consent AND member = NEW.member AND withdrawn_at IS NULL"
        f" FOR SHARE; IF NOT FOUND THEN {_raise(NO_CONSENT)} END IF;"
        " IF TG_OP = 'UPDATE' AND (NEW.id <> OLD.id OR NEW.member <> OLD.member OR NEW.pack <> OLD.pack)"
        f" THEN {_raise(TEMPLATE_STAYS)} END IF; RETURN NEW;",
    )
    yield _trigger("template_needs_consent", "BEFORE INSERT OR UPDATE ON template")
    yield _function(
        "template_takes_key",
        "DELETE FROM member_key WHERE member = OLD.member AND pack = OLD.pack; RETURN OLD;",
    )
    yield _trigger("template_takes_key", "BEFORE DELETE ON template")
    changed = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in FIXED)
    again = "(OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)"
    yield _function(
        "consent_stands", f"IF {changed} OR {again} THEN {_raise(CONSENT_STANDS)} END IF; RETURN NEW;"
    )
    yield _trigger("consent_stands", "BEFORE UPDATE ON consent")
    yield _function(
        "consent_withdrawn",
        "IF NEW.withdrawn_at IS NOT NULL THEN DELETE FROM template WHERE consent = NEW.id; END IF; RETURN NEW;",
    )
    yield _trigger("consent_withdrawn", "AFTER UPDATE ON consent")
    yield _function("consent_deleted", "DELETE FROM template WHERE consent = OLD.id; RETURN OLD;")
    yield _trigger("consent_deleted", "BEFORE DELETE ON consent")
    for table in ("passage", "audit_entry"):
        yield _function(f"{table}_only_added", _raise(APPEND_ONLY.format(table=table)))
        yield _trigger(f"{table}_only_added", f"BEFORE UPDATE OR DELETE ON {table}")
        yield _trigger(
            f"{table}_only_added", f"BEFORE TRUNCATE ON {table}", name=f"{table}_kept", each="STATEMENT"
        )


def _raise(message: str) -> str:
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _trigger(function: str, when: str, name: str | None = None, each: str = "ROW") -> str:
    return f"CREATE TRIGGER {name or function} {when} FOR EACH {each} EXECUTE FUNCTION {function}()"
