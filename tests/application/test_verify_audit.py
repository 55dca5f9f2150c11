"""Signing, and what `verify` says of signatures and of the records that entries are about."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from stile.adapters.audit_key import AuditKey
from stile.domain.adjudication import Verdict
from stile.domain.audit import Event
from stile.domain.audit_findings import Wrong
from stile.domain.checkpoint import Checkpoint, public_key
from stile.domain.errors import CannotRecord, NotConfigured, NotFound
from stile.domain.retention import Subject
from stile.testing import complete_register
from tests.conftest import Here


def wrongs(here: Here, **more: object) -> list[tuple[Wrong, int | None]]:
    return [(one.wrong, one.first) for one in here.site.verify_audit.run(**more).findings]  # type: ignore[arg-type]


def tool(tmp_path: Path, *statements: str) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'data' / 'stile.db'}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def notes(tmp_path: Path) -> str:
    return (tmp_path / "data" / "audit-checkpoints.txt").read_text()


# --- signing ---


def test_the_head_is_signed_in_the_database_and_in_the_file(here: Here, tmp_path: Path) -> None:
    made = here.site.checkpoints.make()
    with here.site.store.read() as work:
        size, root = work.audit.root()
    assert (made.head.size, made.head.root) == (size, root)
    assert made.note in notes(tmp_path)
    name, public = public_key(here.site.checkpoints.public_line)
    assert name == made.head.origin
    assert AuditKey(tmp_path).holds(public, made.signature, made.head.text.encode())
    found = here.site.verify_audit.run()
    assert found.holds
    assert (found.head, found.after) == (made.head, 0)


def test_nothing_new_is_not_signed_again(here: Here, tmp_path: Path) -> None:
    made = here.site.checkpoints.make()
    here.clock.advance(3600)
    assert here.site.checkpoints.make() == made
    assert notes(tmp_path).count("— ") == 1


def test_it_is_signed_after_so_many_entries_or_so_long(here: Here) -> None:
    assert here.site.checkpoints.keep_current() is not None
    here.add(1)
    assert here.site.checkpoints.keep_current() is None, "one entry, and no time gone by"
    here.clock.advance(timedelta(hours=1).total_seconds())
    assert here.site.checkpoints.keep_current() is not None
    here.clock.advance(timedelta(hours=9).total_seconds())
    assert here.site.checkpoints.keep_current() is None, "nothing new"
    with here.site.store.begin() as work:
        most = here.site.settings.audit_checkpoint_entries
        work.audit.append_all(
            here.clock.now(), Event.MEMBER_ADDED, "test", ((str(n), {}) for n in range(most))
        )
        work.commit()
    assert here.site.checkpoints.keep_current() is not None


def test_a_lost_key_is_not_made_anew(make_here: Callable[[], Here], tmp_path: Path) -> None:
    make_here().site.checkpoints.make()
    (tmp_path / "data" / "audit.key").unlink()
    here = make_here()
    here.add(1)
    with pytest.raises(NotConfigured, match="put it back"):
        here.site.checkpoints.make()
    assert here.site.verify_audit.run().holds, "its public half lies beside it"


def test_a_log_that_was_cut_off_is_not_signed_as_if_nothing_were(here: Here, tmp_path: Path) -> None:
    here.add(1)
    here.site.checkpoints.make()
    tool(tmp_path, "DROP TRIGGER audit_entry_delete", "DELETE FROM audit_entry WHERE position > 3")
    with pytest.raises(CannotRecord, match="audit verify"):
        here.site.checkpoints.make()
    assert (Wrong.CUT_OFF, 4) in wrongs(here)


def test_an_export_or_checkpoint_of_nothing_is_refused(make_here: Callable[[], Here], tmp_path: Path) -> None:
    here = make_here()
    tool(tmp_path, "DROP TRIGGER audit_entry_delete", "DELETE FROM audit_entry")
    with pytest.raises(NotFound, match="nothing in the audit log"):
        here.site.checkpoints.make()


def test_a_checkpoint_made_with_another_key_is_named(here: Here, tmp_path: Path) -> None:
    made = here.site.checkpoints.make()
    forged = Checkpoint(made.head, made.key, bytes(64))
    (tmp_path / "data" / "audit-checkpoints.txt").write_text(forged.note)
    assert {wrong for wrong, _ in wrongs(here)} == {Wrong.CHECKPOINT_CHANGED, Wrong.CHECKPOINT_MISSING}


def test_what_was_kept_elsewhere_counts_more_than_what_lies_here(here: Here, tmp_path: Path) -> None:
    kept = here.site.checkpoints.make().note
    _, public = public_key(here.site.checkpoints.public_line)
    assert wrongs(here, kept=kept, public=public) == []
    assert {wrong for wrong, _ in wrongs(here, public=bytes(32))} == {Wrong.CHECKPOINT_CHANGED}


# --- records ---

PASSAGES_MAY_CHANGE = "DROP TRIGGER passage_update"
PASSAGES_MAY_GO = "DROP TRIGGER passage_delete"


def entry_of(here: Here, event: Event) -> int:
    with here.site.store.read() as work:
        return next(entry.position for entry in work.audit.entries() if entry.event is event)


def test_a_passage_that_was_changed_is_named(here: Here, tmp_path: Path) -> None:
    here.enrol(1)
    here.come(1)
    assert wrongs(here) == []
    tool(tmp_path, PASSAGES_MAY_CHANGE, "UPDATE passage SET reason = 'guest'")
    assert wrongs(here) == [(Wrong.RECORD_CHANGED, entry_of(here, Event.PASSAGE_RECORDED))]


def test_a_passage_that_is_gone_is_named_unless_its_time_was_over(here: Here, tmp_path: Path) -> None:
    here.enrol(1)
    here.come(1)
    position = entry_of(here, Event.PASSAGE_RECORDED)
    tool(tmp_path, PASSAGES_MAY_GO, "PRAGMA foreign_keys = OFF", "DELETE FROM passage")
    assert wrongs(here) == [(Wrong.RECORD_MISSING, position)]
    swept(here, 1, here.clock.now() + timedelta(seconds=1))
    assert wrongs(here) == []


def test_no_more_passages_may_be_gone_than_the_log_accounts_for(here: Here, tmp_path: Path) -> None:
    here.enrol(1)
    here.come(1)
    here.come(1)
    tool(tmp_path, PASSAGES_MAY_GO, "DELETE FROM passage")
    swept(here, 1, here.clock.now() + timedelta(seconds=1))
    assert wrongs(here) == [(Wrong.RECORD_MISSING, None)]


def swept(here: Here, count: int, cut_off: object) -> None:
    with here.site.store.begin() as work:
        detail = {"count": count, "cut off": cut_off.isoformat()}  # type: ignore[attr-defined]
        work.audit.append(here.clock.now(), Event.RETENTION_APPLIED, "system", Subject.PASSAGES, detail)
        work.commit()


def test_the_real_retention_run_leaves_a_log_that_holds(here: Here) -> None:
    here.clock.advance(timedelta(days=-400).total_seconds())
    complete_register(here.site.registering, here.lane.centre, here.clock.today())
    here.enrol(1)
    here.come(1)
    here.clock.advance(timedelta(days=400).total_seconds())
    gone = list(here.site.expire.run())
    assert any(one.subject is Subject.PASSAGES for one in gone)
    assert wrongs(here) == []


def test_a_consent_that_was_changed_is_named(here: Here, tmp_path: Path) -> None:
    here.enrol(1)
    position = entry_of(here, Event.CONSENT_GIVEN)
    tool(tmp_path, "DROP TRIGGER consent_stands", "UPDATE consent SET given_by = 'somebody'")
    assert wrongs(here) == [(Wrong.RECORD_CHANGED, position)]


def test_a_consent_that_was_withdrawn_or_whose_member_was_erased_is_no_finding(here: Here) -> None:
    first, second = here.enrol(1), here.enrol(2)
    here.site.withdraw.consent_of(first.id, "test")
    here.site.erase_member.of(second.id, "test")
    assert wrongs(here) == []


def test_an_adjudication_that_was_changed_is_named(here: Here, tmp_path: Path) -> None:
    here.enrol(1)
    passage = here.come(1).passage
    assert passage is not None
    with here.site.store.read() as work:
        staff = work.staff.all()[0]
    here.site.adjudicate.passage(passage.id, Verdict.RIGHT, staff.id)
    assert wrongs(here) == []
    tool(tmp_path, "DROP TRIGGER adjudication_update", "UPDATE adjudication SET verdict = 'wrong person'")
    assert wrongs(here) == [(Wrong.RECORD_CHANGED, entry_of(here, Event.PASSAGE_ADJUDICATED))]


def test_a_record_that_cannot_be_read_is_named(here: Here, tmp_path: Path) -> None:
    here.enrol(1)
    here.come(1)
    tool(tmp_path, PASSAGES_MAY_CHANGE, "UPDATE passage SET at = 'yesterday'")
    assert wrongs(here) == [(Wrong.RECORD_CHANGED, entry_of(here, Event.PASSAGE_RECORDED))]


def test_the_digest_of_a_passage_says_nothing_without_its_salt(here: Here) -> None:
    here.enrol(1)
    here.come(1)
    here.come(1)
    with here.site.store.read() as work:
        digests = [e.detail["record"] for e in work.audit.entries() if e.event is Event.PASSAGE_RECORDED]
    assert len(set(digests)) == 2


# --- a restored backup ---


def test_what_a_restore_left_behind_is_a_remark_and_no_finding(
    make_here: Callable[[], Here], tmp_path: Path
) -> None:
    here = make_here()
    here.add(1)
    here.site.checkpoints.make()
    before = (tmp_path / "data" / "stile.db").parent
    with here.site.store.read() as work:
        size, _ = work.audit.root()
    here.add(2)
    here.clock.advance(60)
    here.site.checkpoints.make()
    # As a restore does: the rows of the backup, and an entry that says so.
    tool(
        before.parent,
        "DROP TRIGGER audit_entry_delete",
        "DROP TRIGGER audit_checkpoint_delete",
        f"DELETE FROM audit_entry WHERE position > {size}",
        f"DELETE FROM audit_checkpoint WHERE size > {size}",
    )
    assert (Wrong.CUT_OFF, size + 1) in wrongs(here)
    here.clock.advance(60)
    with here.site.store.begin() as work:
        work.audit.append(here.clock.now(), Event.BACKUP_RESTORED, "test", "site")
        work.commit()
    found = here.site.verify_audit.run()
    assert found.holds
    assert any("backup was restored" in remark for remark in found.remarks)


def test_a_backup_restored_on_another_machine_needs_no_file_of_before(here: Here, tmp_path: Path) -> None:
    here.site.checkpoints.make()
    (tmp_path / "data" / "audit-checkpoints.txt").unlink()
    assert {wrong for wrong, _ in wrongs(here)} == {Wrong.CHECKPOINT_MISSING}
    with here.site.store.begin() as work:
        work.audit.append(here.clock.now(), Event.BACKUP_RESTORED, "test", "site")
        work.commit()
    assert wrongs(here) == []
    here.site.checkpoints.make()
    (tmp_path / "data" / "audit-checkpoints.txt").unlink()
    assert {wrong for wrong, _ in wrongs(here)} == {Wrong.CHECKPOINT_MISSING}
