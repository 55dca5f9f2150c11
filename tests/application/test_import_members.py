"""Members come from a file: each line counts or says why not, a second run changes nothing, who vanishes is lapsed."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stile.application.import_members import ALTOGETHER, AT_ONCE, Imported, ImportMembers, Wanted
from stile.application.member_file import EXAMPLE, Mapped, mapping
from stile.domain.audit import Event
from stile.domain.errors import NotAllowed, WrongValue
from stile.domain.member import Member, MembershipStatus
from stile.domain.passage import AdmitReason
from tests.conftest import Here

HEAD = "Member number,First name,Surname,Card number,Expiry date\n"


def bring(here: Here, text: str | bytes, head: str = HEAD, **how: object) -> Imported:
    content = text if isinstance(text, bytes) else (head + text).encode()
    wanted = replace(Wanted(content, here.lane.centre), **how)  # type: ignore[arg-type]
    return here.site.import_members.run(wanted, "test")


def one(here: Here, number: str) -> Member:
    return here.site.membership.by_number(number)


def counts(done: Imported) -> tuple[int, int, int, int, int]:
    delta = done.plan.delta
    return delta.added, delta.changed, delta.unchanged, delta.lapsed, len(delta.errors)


def told(here: Here) -> tuple[int, int]:
    """Rows of the outbox, entries of the audit log."""
    with here.site.store._database.reading() as connection:  # type: ignore[attr-defined]
        rows = connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one()
    with here.site.store.read() as work:
        return rows, len(list(work.audit.entries()))


def errors(done: Imported) -> list[tuple[int, str | None, str]]:
    return [(error.line, error.column, error.reason) for error in done.plan.errors]


def test_members_come_in_and_their_cards_open(here: Here) -> None:
    done = bring(here, "1,Ada,Byron,5501,31/12/2030\n2,Bob,,AB 12;ab-13,\n")
    assert counts(done) == (2, 0, 0, 0, 0)
    assert one(here, "1").expires_on == date(2030, 12, 31)
    assert one(here, "2").cards == ("AB12", "AB13")
    for card in ("5501", "ab 13"):
        assert here.site.admit_by_card.present(here.lane, card).decision.reason == AdmitReason.CARD_ACCEPTED


def test_a_second_run_changes_nothing_at_all(here: Here) -> None:
    text = "1,Ada,Byron,5501,31/12/2030\n2,Bob,,,\n"
    bring(here, text)
    before = told(here)
    again = bring(here, text)
    assert counts(again) == (0, 0, 2, 0, 0)
    assert again.record is None
    assert told(here) == before
    assert one(here, "1").version == 1


def test_a_change_is_counted_by_its_fields_and_what_has_no_column_stays(here: Here) -> None:
    bring(here, "1,Ada,Byron,5501,31/12/2030\n2,Bob,Ray,5502,\n")
    here.site.membership.change(one(here, "1").id, {"email": "ada@example.org"}, "test")
    done = bring(here, "1,Ada,Lovelace,5509,31/12/2031\n2,Bob,Ray,5502,\n")
    assert counts(done) == (0, 1, 1, 0, 0)
    assert dict(done.plan.delta.fields) == {"family_name": 1, "cards": 1, "expires_on": 1}
    assert one(here, "1").email == "ada@example.org"
    assert one(here, "1").cards == ("5509",)


def test_who_vanishes_is_lapsed_and_comes_back_with_the_file(here: Here) -> None:
    both = "1,Ada,Byron,5501,\n2,Bob,Ray,5502,\n"
    bring(here, both)
    done = bring(here, "1,Ada,Byron,5501,\n")
    assert counts(done) == (0, 0, 1, 1, 0)
    assert one(here, "2").status is MembershipStatus.LAPSED
    assert counts(bring(here, "1,Ada,Byron,5501,\n")) == (0, 0, 1, 0, 0), "lapsed once"
    assert counts(bring(here, both)) == (0, 1, 1, 0, 0)
    assert one(here, "2").status is MembershipStatus.ACTIVE


def test_who_was_added_at_the_desk_does_not_vanish_from_a_file(here: Here) -> None:
    here.add(1)
    bring(here, "1,Ada,Byron,5501,\n")
    assert one(here, "1001").status is MembershipStatus.ACTIVE


def test_who_is_suspended_here_stays_so_where_the_file_has_no_status(here: Here) -> None:
    bring(here, "1,Ada,Byron,5501,\n")
    here.site.membership.set_status(one(here, "1").id, MembershipStatus.SUSPENDED, "test")
    assert counts(bring(here, "1,Ada,Byron,5501,\n")) == (0, 0, 1, 0, 0)


def many(count: int, first: int = 0) -> str:
    return "".join(f"{n},Ada,Byron,{5_000_000 + n},\n" for n in range(first, first + count))


def test_too_many_vanish_only_when_it_is_meant(here: Here) -> None:
    bring(here, many(100))
    with pytest.raises(NotAllowed, match="11 of 100 members are not in the file"):
        bring(here, many(89))
    assert counts(bring(here, many(90))) == (0, 0, 90, 10, 0)
    assert counts(bring(here, many(40), lapse_many=True)) == (0, 0, 40, 50, 0)


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (",Ada,Byron,,", "number", "is empty"),
        ("9, ,Byron,,", "given_name", "is empty"),
        ("9,Ada,Byron,12,", "cards", "4 to 32 letters"),
        ("9,Ada,Byron,,31/02/2030", "expires_on", "no date"),
        ("9,Ada,Byron,,2030-31-12", "expires_on", "no date"),
        ("9,Ada,Byron,", None, "4 cells where the heading has 5"),
        ("9,Ada,Byron,,,", None, "6 cells"),
        ("9,A\x01da,Byron,,", "given_name", "control character"),
        ("1,Eva,Other,,", "number", "of line 2 as well"),
        ("9,Eva,Other,5501,", "cards", "of line 2 as well"),
        ("9,Eva,Other,55000-01,", "cards", "whom this file does not change"),
        (f"9,{'a' * 201},Other,,", None, "up to 200 characters"),
        (f"9,{'a' * 501},Other,,", "given_name", "has 501 characters"),
    ],
)
def test_a_wrong_line_says_where_and_why_and_the_others_come_in(
    here: Here, line: str, column: str | None, reason: str
) -> None:
    here.add(1)
    done = bring(here, f"1,Ada,Byron,5501,\n{line}\n3,Cy,Dee,5503,\n")
    assert counts(done) == (2, 0, 0, 0, 1)
    [(at, about, why)] = errors(done)
    assert (at, about) == (3, column)
    assert reason in why
    assert not {"Ada", "Eva", "Byron", "Other", "5501", "5500001"} & set(why.split()), "repeats nothing"
    assert one(here, "3").cards == ("5503",)


def test_a_wrong_line_does_not_lapse_its_member(here: Here) -> None:
    bring(here, "1,Ada,Byron,5501,\n2,Bob,Ray,5502,\n")
    done = bring(here, "1,Ada,Byron,5501,\n2,Bob,Ray,x,\n")
    assert counts(done) == (0, 0, 1, 0, 1)
    assert one(here, "2").status is MembershipStatus.ACTIVE


def test_lines_are_counted_as_an_editor_counts_them(here: Here) -> None:
    done = bring(here, '1,Ada,"Byron",5501,\n\n   ,,,,\n9,Ada,Byron,x,\n"8\n",Ada,Byron,,\n10,Ada,,y,\n')
    assert [line for line, _, _ in errors(done)] == [5, 8]


def test_strict_takes_all_or_nothing(here: Here) -> None:
    with pytest.raises(NotAllowed, match="1 lines are wrong"):
        bring(here, "1,Ada,Byron,5501,\n2,Bob,Ray,x,\n", strict=True)
    with here.site.store.read() as work:
        assert work.members.count() == 0


def test_cards_may_change_hands_within_a_file(here: Here) -> None:
    bring(here, "1,Ada,,5501,\n2,Bob,,5502,\n3,Cy,,5503,\n")
    done = bring(here, "1,Ada,,5502,\n2,Bob,,5501,\n4,Dee,,5503,\n")
    assert counts(done) == (1, 2, 0, 1, 0)
    assert done.left == 0
    assert [one(here, number).cards for number in "1234"] == [("5502",), ("5501",), (), ("5503",)]


def test_a_line_that_falls_leaves_its_member_the_card_that_another_wants(here: Here) -> None:
    here.add(1)  # card 5500001
    bring(here, "1,Ada,,5501,\n2,Bob,,5502,\n")
    done = bring(here, "1,Ada,,5502,\n2,Bob,,5500001,\n")
    assert errors(done) == [
        (2, "cards", "is a card of a member whom this file does not change"),
        (3, "cards", "is a card of a member whom this file does not change"),
    ]
    assert [one(here, number).cards for number in "12"] == [("5501",), ("5502",)]


# --- what a file may look like ---


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.encode(), id="utf-8"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="utf-8 with its mark"),
        pytest.param(lambda text: text.encode("cp1252"), id="windows-1252"),
        pytest.param(lambda text: text.replace(",", ";").encode(), id="semicolons"),
        pytest.param(lambda text: text.replace(",", "\t").encode(), id="tabs"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="windows line ends"),
    ],
)
def test_files_as_programs_write_them(here: Here, encode: Callable[[str], bytes]) -> None:
    assert counts(bring(here, encode(HEAD + "1,Zoë,Müller,5501,\n"))) == (1, 0, 0, 0, 0)
    assert one(here, "1").full_name == "Zoë Müller"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a,b\n1,2\n", "no column “number”"),
        (b"Number,Surname\n1,2\n", "no column “given name”"),
        (b"Number,First name,Forename\n1,2,3\n", "2 columns for the given name"),
        ("Number,First name\n1,Ada\n".encode("utf-16"), "UTF-16"),
        (b'Number,First name\n1,"Ada\n', "no CSV from line 2"),
        (b"Number,First name\n1,\x81\n", "neither UTF-8 nor Windows-1252: see line 2"),
    ],
)
def test_what_is_no_member_file(here: Here, content: bytes, said: str) -> None:
    with pytest.raises(WrongValue, match=said):
        bring(here, content)


def test_a_heading_without_lines_lapses_nobody(here: Here) -> None:
    bring(here, "1,Ada,,5501,\n")
    with pytest.raises(NotAllowed, match="no lines"):
        bring(here, "")


def test_the_example_mapping_reads_what_it_says(here: Here) -> None:
    head = "Membership number;First name;Surname;Date of birth;Email;Mobile;Membership type;Status;End date;"
    head += "Card number\n"
    text = "1;Ada;Byron;10/12/2000;Ada@Example.org;020 7946 0000;Off-peak;On hold;31/12/2030;5501|5502\n"
    bring(here, text, head=head, mapped=mapping(EXAMPLE))
    member = one(here, "1")
    assert member.status is MembershipStatus.SUSPENDED
    assert member.cards == ("5501", "5502")
    assert (member.email, member.phone) == ("Ada@example.org", "+442079460000")
    assert (member.born_on, member.kind) == (date(2000, 12, 10), "Off-peak")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns", "no TOML"),
        ("colums = 1", "not known: colums"),
        ('[columns]\nnumber = "N"', "need given_name"),
        ('[columns]\nnumber = "N"\ngiven_name = "G"\nshoe = "S"', "does not have: shoe"),
        ('encoding = "latin"', "encoding is one of"),
        ('delimiter = ";;"', "one character"),
        ("dates = []", "dates: expected"),
        ('dates = ["day"]', "dates: expected"),
        ('[status]\ngone = ["x"]', "active, suspended or lapsed"),
    ],
)
def test_what_is_no_mapping(text: str, said: str) -> None:
    with pytest.raises(WrongValue, match=said):
        mapping(text)


def test_a_mapping_that_names_a_column_that_is_not_there(here: Here) -> None:
    with pytest.raises(WrongValue, match="no column “card”, which the mapping names"):
        bring(
            here,
            "",
            mapped=Mapped(columns={"number": "member number", "given_name": "first name", "cards": "card"}),
        )


# --- direct marketing ---

YES_HEAD = "Number,First name,Marketing\n"


def test_marketing_is_on_only_by_a_yes_and_a_no_said_here_stands(here: Here) -> None:
    bring(here, "1,Ada,\n2,Bob,yes\n3,Cy,No\n", head=YES_HEAD)
    assert [one(here, number).marketing for number in "123"] == [False, True, False]
    assert one(here, "2").marketing_at == here.clock.now()
    here.site.membership.change(
        one(here, "2").id, {"marketing": False, "marketing_how": "at the desk"}, "test"
    )
    bring(here, "1,Ada,\n2,Bob,yes\n3,Cy,yes\n", head=YES_HEAD)
    assert [one(here, number).marketing for number in "123"] == [False, False, True]


def test_a_word_that_is_neither_yes_nor_no_is_wrong(here: Here) -> None:
    assert errors(bring(here, "1,Ada,maybe\n", head=YES_HEAD)) == [
        (2, "marketing", "says neither yes nor no")
    ]


# --- the decision, and what it survives ---


def test_an_import_is_one_entry_with_its_counts_and_the_files_digest(here: Here) -> None:
    done = bring(here, "1,Ada,Byron,5501,\n2,Bob,Ray,x,\n")
    assert done.record is not None
    with here.site.store.read() as work:
        [entry] = [one for one in work.audit.entries() if one.event == Event.MEMBERS_IMPORTED]
        assert work.imports.latest() == [replace(done.record, finished_at=here.clock.now())]
    assert entry.subject == str(done.record.id)
    assert dict(entry.detail) == {
        "rows": 2,
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "lapsed": 0,
        "errors": 1,
        "sha256": done.plan.wanted.sha256,
        "source": "command",
    }


class Crash(Exception):
    pass


def crashing(here: Here, after: int) -> ImportMembers:
    """Imports that stop dead after so many transactions."""
    done = 0

    def rest(_: float) -> None:
        nonlocal done
        done += 1
        if done == after:
            raise Crash

    return ImportMembers(here.site.store, here.site.contacts, here.site.clock, here.site.chance, rest)


@pytest.mark.parametrize("after", [1, 3, 7, 8, 11, 13])
def test_a_crash_leaves_all_or_nothing(here: Here, after: int) -> None:
    """Before the decision nothing has changed; after it, everything is done once somebody opens the site again."""
    count = ALTOGETHER + AT_ONCE + 7  # swept 1, laid down 6, decided, written 6
    with pytest.raises(Crash):
        crashing(here, after).run(Wanted((HEAD + many(count)).encode(), here.lane.centre), "test")
    with here.site.store.read() as work:
        decided = bool(work.imports.latest())
        assert decided or work.members.count() == 0
    here.clock.advance(2 * 3600)
    here.site.import_members.finish_what_is_left()
    with here.site.store.read() as work:
        assert work.members.count() == (count if decided else 0)
        assert all(one.finished_at for one in work.imports.latest())
        assert list(work.imports.unfinished()) == []
    with here.site.store._database.reading() as connection:  # type: ignore[attr-defined]
        left = connection.exec_driver_sql("SELECT count(*) FROM member_staged").scalar_one()
    assert left == 0 or not decided
    assert counts(bring(here, many(count))) == ((0, 0, count, 0, 0) if decided else (count, 0, 0, 0, 0))


def test_who_is_changed_meanwhile_stays_and_is_told(here: Here) -> None:
    bring(here, many(ALTOGETHER + 50))
    last = one(here, str(ALTOGETHER + 49))
    plan = here.site.import_members.plan(
        Wanted((HEAD + many(ALTOGETHER + 50).replace("Byron", "Lovelace")).encode(), here.lane.centre)
    )
    here.site.membership.change(last.id, {"email": "new@example.org"}, "test")
    here.site.membership.change(one(here, "3").id, {"cards": ["99990000"]}, "test")
    done = here.site.import_members.carry_out(plan, "test")
    assert done.left == 2
    assert one(here, last.number).email == "new@example.org"
    assert one(here, "4").family_name == "Lovelace"


def test_a_card_that_is_taken_meanwhile_leaves_one_member_out_and_no_more(here: Here) -> None:
    plan = here.site.import_members.plan(Wanted((HEAD + many(20)).encode(), here.lane.centre))
    here.site.membership.change(here.add(1).id, {"cards": ["5000003"]}, "test")
    done = here.site.import_members.carry_out(plan, "test")
    assert done.left == 1
    with here.site.store.read() as work:
        assert work.members.count() == 20


# --- any file ---

Rows = list[tuple[str, ...]]
CELL = st.text(st.characters(codec="utf-8", exclude_characters='\r\n\x00"'), max_size=6)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 12).map(str) | CELL,
        st.sampled_from(["Ada", "Bob", ""]) | CELL,
        CELL,
        st.lists(st.integers(5500, 5512).map(str), max_size=2).map(";".join) | CELL,
        st.sampled_from(["", "31/12/2030", "2029-01-01", "soon"]),
    ),
    max_size=12,
)


def as_text(rows: Rows) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
def test_whatever_the_files_are(make_here: Callable[[], Here], first: Rows, second: Rows) -> None:
    """Every line is counted once or is an error with its number; the file is what is stored; again changes nothing."""
    here = make_here()
    for rows in (first, second):
        text = as_text(rows)
        try:
            done = bring(here, text, lapse_many=True)
        except NotAllowed:
            assert not any(cell.strip() for row in rows for cell in row)
            continue
        added, changed, unchanged, _, wrong = counts(done)
        lines = [n + 2 for n, row in enumerate(rows) if any(cell.strip() for cell in row)]
        assert added + changed + unchanged + wrong == len(lines)
        assert {line for line, _, _ in errors(done)} <= set(lines)
        assert done.left == 0
        before = told(here)
        assert counts(bring(here, text, lapse_many=True)) == (0, 0, added + changed + unchanged, 0, wrong)
        assert told(here) == before
        with here.site.store.read() as work:
            active = {
                one.number for one in work.members.page(most=1000) if one.status is MembershipStatus.ACTIVE
            }
        wrong_lines = {line for line, _, _ in errors(done)}
        there = {row[0].strip() for n, row in enumerate(rows) if n + 2 in lines and n + 2 not in wrong_lines}
        assert {number for number in there if number.isascii()} <= active
    here.site.close()


# --- the lanes ---


def test_between_any_two_transactions_of_an_import_a_card_opens(here: Here) -> None:
    """`stile bench --import` measures how long a card waits (decision 0017); here it is shown that it never waits for
    more than one transaction, and that none writes more than its share."""
    here.add(1)
    decided: list[object] = []
    written: list[int] = []

    def card_comes(_: float) -> None:
        decided.append(here.site.admit_by_card.present(here.lane, "5500001").decision.reason)
        with here.site.store.read() as work:
            written.append(work.members.count())

    imports = ImportMembers(
        here.site.store, here.site.contacts, here.site.clock, here.site.chance, card_comes
    )
    count = 2 * ALTOGETHER
    imports.run(Wanted((HEAD + many(count)).encode(), here.lane.centre), "test")
    assert set(decided) == {AdmitReason.CARD_ACCEPTED}
    steps = [later - earlier for earlier, later in pairwise(written)]
    assert sum(steps) == count
    assert max(steps) <= AT_ONCE


def test_the_lane_decides_while_another_thread_imports(here: Here) -> None:
    here.add(1)
    over = threading.Event()

    def bring_many() -> None:
        bring(here, many(3 * ALTOGETHER, first=2_000))
        over.set()

    thread = threading.Thread(target=bring_many)
    thread.start()
    decided = []
    while not over.is_set():
        decided.append(here.site.admit_by_card.present(here.lane, "5500001").decision.reason)
    thread.join()
    assert len(decided) > 3
    assert set(decided) == {AdmitReason.CARD_ACCEPTED}
