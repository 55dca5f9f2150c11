"""The same five questions, put to the operator: a scripted month of passages through the real use cases, and an answer
with dates, places, purpose, both false-alert rates with their intervals, processors, the police only because the
register says so, and the referrals."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stile.application.answer_foi import Incoming
from stile.application.gate import Concluded
from stile.domain.adjudication import Verdict
from stile.domain.figures import Estimate, Measure, Period
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.request import DraftVersion
from stile.domain.ids import PassageId, StaffId
from stile.domain.intervals import clopper_pearson
from stile.domain.passage import AdmitReason, Method, Outcome
from stile.domain.quality import Flaw
from stile.domain.register import (
    Deployment,
    EventKind,
    Happened,
    Involved,
    NoneHappened,
    OwnUse,
    Party,
)
from stile.domain.spot_checks import SpotAnswer
from stile.testing import picture_of
from tests.conftest import Here, open_here

M = Measure
BEGAN, ENDED = date(2026, 11, 2), date(2026, 12, 1)
DAYS = 30
OURS = """1. Have you used facial recognition technology, as a trial or as ongoing work?
2. If so, please give the dates of use, the locations and the purpose.
3. What were the results: were any individuals arrested or found in breach of a civil order? If you recorded a false
alert rate, please give it.
4. Were any private firms or police forces involved?
5. Have you referred yourselves to the Information Commissioner's Office over it, or been referred by a third party?"""
SOURCE = "the operator's own records"
ROUNDS = ((1, 2, 3), (4, 5, 1))
"""Who comes by face each morning; every other day the second."""
OF_DAY = {
    5: "false alert",
    9: "stranger",
    12: "attack",
    17: "false alert",
    21: "should have opened",
    24: "nobody in sight",
}


class Month:
    """What happens at one centre in thirty days. Reception sees to what it is told to, and answers two of three spot
    checks."""

    def __init__(self, here: Here) -> None:
        self.here, self.site = here, here.site
        self.admitted = 0
        with self.site.store.read() as work:
            staff = work.staff.by_name("admin")
        assert staff is not None
        self.staff: StaffId = staff.id

    def play(self) -> None:
        for who in range(1, 6):
            self.here.enrol(who, f"Member{who}")
        self._one_does_not_get_enrolled()
        for day in range(1, DAYS + 1):
            for who in ROUNDS[day % 2]:
                self._comes(who)
            self._by_card_and_by_hand(day)
            self._happens(OF_DAY.get(day, ""))
            if day < DAYS:
                self.here.clock.advance(24 * 3600)

    def _one_does_not_get_enrolled(self) -> None:
        member = self.here.add(6, "Member6")
        self.here.consent(member)
        enrolment = self.site.enrol.begin(member.id)
        assert self.site.enrol.shot(enrolment, picture_of(6, dark=True)).flaw is Flaw.TOO_DARK  # type: ignore[union-attr]

    def _comes(self, who: int) -> None:
        came = self.here.come(who)
        assert came.door_opened
        self.admitted += 1
        if self.admitted % 3:
            self.site.spot_checks.answer(passage(came), SpotAnswer.RIGHT, self.staff)
        self.site.waiting_times.keep(self.here.lane.id, Method.FACE, Outcome.ADMIT, 900.0, 1200.0)

    def _by_card_and_by_hand(self, day: int) -> None:
        assert self.site.admit_by_card.present(self.here.lane, "5500006").door_opened
        if day % 10 == 0:
            self.site.admit_by_hand.let_in(self.here.lane, AdmitReason.NOT_RECOGNISED, self.staff)

    def _happens(self, what: str) -> None:
        says = self.site.adjudicate.passage
        match what:
            case "false alert":  # reception saw that it was not her
                self.admitted += 1
                says(passage(self.here.come(2)), Verdict.WRONG_PERSON, self.staff)
            case "stranger":
                says(passage(self.here.come(99)), Verdict.RIGHTLY_REFERRED, self.staff)
            case "attack":
                shown = self.here.come(1, bona_fide=0.0)
                assert shown.outcome is Outcome.REFER
                says(passage(shown), Verdict.ATTACK, self.staff)
            case "should have opened":
                says(passage(self.here.come(77)), Verdict.SHOULD_HAVE_OPENED, self.staff)
            case "nobody in sight":
                self.here.ask(*(picture_of(variation=n) for n in range(40)))


def passage(came: Concluded) -> PassageId:
    assert came.passage is not None
    return came.passage.id


def told_by_the_operator(here: Here) -> None:
    """What the register says of the centre. The builder's entries stand; these are the later ones."""
    register = here.site.registering
    entry = register.as_of().deployment(str(here.lane.centre))
    assert entry is not None
    assert isinstance(entry.fact, Deployment)
    register.add(
        replace(
            entry.fact,
            address="1 Water Lane, Barnstone",
            since=BEGAN,
            purpose="to let members in without a card",
            processors=(Party("Cloudhost Ltd", "keeps the encrypted backups"),),
            suppliers=(Party("Turnstile Makers Ltd", "supplies the doors"),),
        ),
        SOURCE,
        "test",
        BEGAN,
    )
    register.add(OwnUse(True), SOURCE, "test", BEGAN)
    register.add(Involved(str(here.lane.centre), False), SOURCE, "test", BEGAN)
    for kind in (EventKind.ARREST, EventKind.CIVIL_ORDER, EventKind.ICO_SELF_REFERRAL):
        register.add(NoneHappened(kind, BEGAN, ENDED), SOURCE, "test", ENDED)
    referred = Happened(
        EventKind.ICO_THIRD_PARTY, date(2026, 11, 20), "a campaign referred the use to the Commissioner"
    )
    register.add(referred, SOURCE, "test", date(2026, 11, 20))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, new_site: Path) -> Path:
    """The data folder after the month, played once. Every admission is drawn for a spot check."""
    data = tmp_path_factory.mktemp("month") / "data"
    shutil.copytree(new_site, data)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("STILE_")]:
            patch.delenv(name)
        playing = open_here(data, spot_check_every=1)
        Month(playing).play()
        told_by_the_operator(playing)
        playing.site.close()
    return data


@pytest.fixture
def asked(tmp_path: Path, played: Path) -> Iterator[Here]:
    """The month is over, and everything that came of it is in the store."""
    shutil.copytree(played, tmp_path / "data")
    here = open_here(tmp_path / "data")
    here.clock.advance((DAYS - 1) * 24 * 3600 + 3600)
    yield here
    here.site.close()


def answered(here: Here, text: str) -> DraftVersion:
    request = here.site.answer_foi.log(Incoming(text, ENDED), "test")
    return here.site.answer_foi.draft(request.ref, "test", as_of=ENDED)


def test_an_operator_answers_five_questions_about_a_month(asked: Here) -> None:
    first, second, third, fourth, fifth = (one.text for one in answered(asked, OURS).answers)
    assert "The operator uses facial recognition." in first
    assert "Test Operator uses facial recognition at Test Centre, 1 Water Lane, Barnstone" in second
    assert "to let members in without a card" in second
    assert "It has been in use since 2 November 2026." in second
    assert "There were no arrests from 2 November 2026 to 1 December 2026." in third
    assert "There were no breaches of civil orders from 2 November 2026 to 1 December 2026." in third
    # 90 mornings by face, 2 false alerts, a stranger, an attack, a member who was not let in, nobody in sight
    assert (
        "At Test Centre, from 2 November 2026 to 1 December 2026, a face was looked at in 96 attempts to come in; "
        "92 matched a member." in third
    )
    assert (
        "False alerts that staff noticed: 2, which is 2.1 % of all attempts (95 % interval 0.25 % to 7.3 %) and 2.2 % "
        "of all matches (95 % interval 0.26 % to 7.6 %)." in third
    )
    assert (
        "Spot checks of admissions, drawn at random: 92; answered: 62; found that the door had opened for somebody "
        "else: 2. The false-admit rate is estimated at 3.1 % of all attempts (95 % interval 0.38 % to 10.7 %) and "
        "3.2 % of all admissions (95 % interval 0.39 % to 11.2 %)." in third
    )
    assert "False refusals that staff noticed: 1, which is 1.0 % of all attempts" in third
    assert "Rates of what staff noticed are lower bounds" in third
    for party in ("Cloudhost Ltd keeps the encrypted backups.", "Turnstile Makers Ltd supplies the doors."):
        assert party in fourth
    assert "No police force was involved at Test Centre." in fourth
    assert "There were no referrals to the Information Commissioner by the operator itself from" in fifth
    assert "20 November 2026: a campaign referred the use to the Commissioner." in fifth
    said = asked.site.measure_period.of(Period(BEGAN, ENDED), asked.lane.centre)
    for of, trials in ((M.ATTEMPTS, 96), (M.MATCHES, 92)):  # what the words say is what was measured
        rate = said.of(M.FALSE_ALERTS).share(of).rate
        assert isinstance(rate, Estimate)
        assert (rate.value, rate.interval) == (2 / trials, clopper_pearson(2, trials))


def test_everything_else_of_the_month_is_counted_as_well(asked: Here) -> None:
    found = asked.site.measure_period.of(Period(BEGAN, ENDED), asked.lane.centre)
    expected = {
        M.ADMISSIONS: 92,
        M.REFERRALS: 4,
        M.FAILURES_TO_ACQUIRE: 1,
        M.ENROLMENTS: 6,
        M.FAILURES_TO_ENROL: 1,
        M.ATTACKS: 1,
        M.ATTACKS_ADMITTED: 0,
        M.OVERRIDES_OF_FACE: 3,
        M.BY_CARD: 30,
        M.ENTRIES: 92 + 30 + 3,
    }
    assert {measure: found.of(measure).count for measure in expected} == expected
    [by_face] = [one for one in found.waits if one.method is Method.FACE]
    assert by_face.median is not None
    assert (by_face.waits, by_face.median.value) == (90, 900.0)
    assert [one.period.key for one in asked.site.measure_period.by_month()] == ["2026-11", "2026-12"]


def test_every_sentence_cites_a_dated_entry_or_dated_figures(asked: Here) -> None:
    entries = {str(one.id): one.at for one in asked.site.registering.history()}
    for answer in answered(asked, OURS).answers:
        assert answer.held in (Held.HELD, Held.PARTLY)
        assert answer.citations
        for cited in answer.citations:
            if cited.entry.startswith("figures:"):
                assert cited.entry == f"figures:2026-11-02/2026-12-01:{asked.lane.centre}"
                assert cited.date == ENDED
            else:
                assert cited.entry == "register" or entries[cited.entry] == cited.date


def test_no_police_only_because_the_register_says_so(asked: Here) -> None:
    """The opposite entry, and none at all, each say something else: nothing is taken for granted."""
    police_free = answered(asked, OURS).answers[3]
    entry = asked.site.registering.as_of().police(str(asked.lane.centre))
    assert entry is not None
    assert (str(entry.id), entry.at) in {(one.entry, one.date) for one in police_free.citations}
    register, key = asked.site.registering, str(asked.lane.centre)
    police = register.as_of().police(key)
    assert police is not None
    force = Involved(key, True, "Barnstone Constabulary")
    register.add(force, SOURCE, "test", ENDED, replaces=police.id)
    fourth = answered(asked, OURS).answers[3].text
    assert "Barnstone Constabulary was involved at Test Centre." in fourth
    assert "No police force" not in fourth


def test_what_was_not_measured_is_said_to_be_not_measured(here: Here) -> None:
    """A day of passages that nobody looked into: counts, and no rate."""
    here.enrol(1)
    here.come(1)
    third = answered_today(here)
    assert "a face was looked at in 1 attempt to come in; 1 matched a member." in third
    assert "False alerts were not measured: no match was looked into." in third
    assert "The false-admit rate was not estimated by spot checks: none was drawn." in third
    assert "%" not in third


def test_where_nothing_is_recorded_of_the_police_that_is_said(here: Here) -> None:
    request = here.site.answer_foi.log(Incoming(OURS, here.clock.today()), "test")
    fourth = here.site.answer_foi.draft(request.ref, "test").answers[3].text
    assert "Whether a police force was involved at Test Centre is not recorded." in fourth


def answered_today(here: Here) -> str:
    day = here.clock.today()
    request = here.site.answer_foi.log(Incoming(OURS, day), "test")
    return here.site.answer_foi.draft(request.ref, "test", as_of=day).answers[2].text


@pytest.mark.shared
def test_the_real_request_put_to_the_operator(asked: Here, shared: Path) -> None:
    letter = (shared / "foi" / "barnet-6063588.txt").read_text()
    request = letter[letter.index("**To whom") : letter.index("We have processed")]
    version = answered(asked, request)
    assert [one.n for one in version.answers] == [1, 2, 3, 4, 5]
    assert "2.1 % of all attempts" in version.answers[2].text
    assert "2.2 % of all matches" in version.answers[2].text
