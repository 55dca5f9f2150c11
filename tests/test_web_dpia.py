"""The impact assessment's pages: seven steps, what is open, what the configuration says, and signing off."""

import re
from datetime import timedelta

import httpx2
import pytest

from stile.domain.dpia import Effect, Level, Likelihood, Open, Severity
from stile.domain.dpia_questions import QUESTIONS, Step
from stile.domain.liveness import LivenessMode
from stile.domain.register import Deployment, Phase, Relationship, SignOff
from stile.entrypoints.web import dpia_words
from stile.entrypoints.web.register_links import dpia_link
from stile.entrypoints.web.word_changes import pieces
from tests.application.test_assessing import write
from tests.conftest import Here
from tests.web_client import Browser, hidden

AT = "/console/register/dpia"


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


@pytest.fixture
def key(here: Here) -> str:
    return str(here.lane.centre)


def save(browser: Browser, step: str, key: str, **fields: str) -> httpx2.Response:
    form = browser.get(f"{AT}/steps/{step}?key={key}").text
    sent = {"csrf": hidden(form, "csrf"), "upon": hidden(form, "upon"), "key": key}
    return browser.post(f"{AT}/steps/{step}", sent | fields)


def areas(page: str) -> dict[str, str]:
    return dict(re.findall(r'<textarea id="(\w+)"[^>]*>([^<]*)</textarea>', page))


def test_it_begins_filled_in_and_says_what_is_open(browser: Browser, key: str) -> None:
    page = browser.get(dpia_link(key)).text
    assert "Nobody has written it yet." in page
    assert "what this program is set to" in page
    for step in Step:
        assert dpia_words.TITLES[step] in page
    assert "Why an assessment is needed: filled in, and not read yet" in page
    need = browser.get(f"{AT}/steps/need?key={key}").text
    assert "to let members of the leisure centre in" in areas(need)["aim"]
    assert "As this program is set today." in need
    assert areas(browser.get(f"{AT}/steps/consultation?key={key}").text) == {"consultation": ""}


def test_saving_goes_on_to_the_next_step(browser: Browser, key: str) -> None:
    answer = save(browser, "consultation", key, consultation="Members, <by> letter.")
    assert answer.headers["location"] == f"{AT}/steps/necessity?key={key}&said=saved"
    assert "Saved." in browser.get(answer.headers["location"]).text
    assert browser.here.site.assessing.look(key).assessment.n == 1
    stay = save(browser, "consultation", key, consultation="Members, <by> letter.", then="stay")
    assert stay.headers["location"] == f"{AT}/steps/consultation?key={key}&said=same"
    assert "Members, &lt;by&gt; letter." in browser.get(stay.headers["location"]).text
    last = save(browser, "outcome", key, review_by="The officer.")
    assert last.headers["location"].startswith(f"{AT}?key={key}")
    page = browser.get(last.headers["location"]).text
    assert "Version 2" in page
    assert "admin: Who keeps the assessment under review" in page


def test_what_somebody_else_saved_is_shown_and_nothing_typed_is_lost(browser: Browser, key: str) -> None:
    save(browser, "consultation", key, consultation="Theirs.")
    answer = save(browser, "consultation", key, upon="0", consultation="Mine.")
    assert answer.status_code == 409
    assert areas(answer.text)["consultation"] == "Mine."
    assert "Theirs." in answer.text
    assert hidden(answer.text, "upon") == "1"


def test_too_long_an_answer_is_refused_beside_it(browser: Browser, key: str) -> None:
    answer = save(browser, "consultation", key, consultation="x" * 20_001)
    assert answer.status_code == 422
    assert 'id="consultation-wrong">Up to 20,000 characters, please: these are 20,001.' in answer.text


def test_what_a_version_changed_is_shown_word_by_word(browser: Browser, key: str) -> None:
    save(browser, "consultation", key, consultation="We asked all members by letter in May.")
    save(browser, "consultation", key, consultation="We asked all members by e-mail in June.")
    save(browser, "risks", key, source_0="A <flood>.", likelihood_0="remote", severity_0="severe")
    page = browser.get(f"{AT}/changes?key={key}&version=2").text
    assert "<del>letter in May.</del><ins>e-mail in June.</ins>" in page
    assert "version=2" in browser.get(dpia_link(key)).text
    risks = browser.get(f"{AT}/changes?key={key}&version=3").text
    assert "A &lt;flood&gt;." in risks
    assert "Likelihood: remote. Severity: severe." in risks
    assert "We asked" not in risks
    assert (
        "<ins>We asked all members by letter in May.</ins>"
        in browser.get(f"{AT}/changes?key={key}&version=1").text
    )
    assert browser.get(f"{AT}/changes?key={key}&version=4").status_code == 404


def test_long_texts_are_compared_by_sentences() -> None:
    many = " ".join(f"Sentence number {n} of them." for n in range(600))
    other = many.replace("Sentence number 300 of them.", "Another one.")
    found = list(pieces(many, other))
    assert [one.kind for one in found] == ["same", "gone", "new", "same"]
    assert "".join(one.text for one in found if one.kind != "gone") == other
    assert "".join(one.text for one in found if one.kind != "new") == many


def test_risks_come_change_and_go(browser: Browser, key: str) -> None:
    before = browser.here.site.assessing.look(key).offered.risks
    rows = {
        f"{name}_{n}": value
        for n, risk in enumerate(before)
        for name, value in (("source", risk.source), ("likelihood", "remote"), ("severity", "severe"))
    }
    answer = save(
        browser, "risks", key, **rows, remove_0="yes", source_new="A flood.", likelihood_new="probable"
    )
    assert answer.headers["location"].startswith(f"{AT}/steps/measures")
    risks = browser.here.site.assessing.look(key).assessment.risks
    assert [one.source for one in risks] == [*(one.source for one in before[1:]), "A flood."]
    assert (risks[0].likelihood, risks[0].severity) == (Likelihood.REMOTE, Severity.SEVERE)
    assert risks[0].measures == before[1].measures
    assert (risks[-1].likelihood, risks[-1].severity) == (Likelihood.PROBABLE, None)
    empty = save(browser, "risks", key, source_0=" ")
    assert 'id="source_0-wrong"' in empty.text
    half = save(browser, "risks", key, **rows, severity_new="severe")
    assert 'id="source_new-wrong">Say what could happen.' in half.text


def test_measures_are_judged(browser: Browser, key: str) -> None:
    save(
        browser,
        "measures",
        key,
        measures_0="Staff look.",
        effect_0="reduced",
        residual_0="low",
        approved_0="yes",
        effect_1="nonsense",
    )
    first, second = browser.here.site.assessing.look(key).assessment.risks[:2]
    assert (first.measures, first.effect, first.residual, first.approved) == (
        "Staff look.",
        "reduced",
        "low",
        True,
    )
    assert second.effect is None


def test_a_changed_configuration_is_told_and_taken(browser: Browser, key: str) -> None:
    write(browser.here.site.assessing, key)
    browser.here.site.setup.change_lane(browser.here.lane.id, {"liveness": LivenessMode.OFF}, "test")
    page = browser.get(dpia_link(key)).text
    assert "The configuration says something else now" in page
    assert QUESTIONS["scope"].label in page
    answer = save(browser, "processing", key, take="scope")
    assert answer.headers["location"].startswith(f"{AT}/steps/processing")
    assert "liveness off" in areas(browser.get(answer.headers["location"]).text)["scope"]


def sign(browser: Browser, key: str, **fields: str) -> httpx2.Response:
    page = browser.get(f"{AT}/sign-off?key={key}").text
    ahead = browser.here.clock.today() + timedelta(days=365)
    given = {
        "csrf": hidden(page, "csrf"),
        "key": key,
        "version": re.findall(r'name="version" value="(\d+)"', page)[0],
        "measures_by": "The manager",
        "residual_by": "The board",
        "advice": "Go ahead.",
        "followed": "yes",
        "review_on": ahead.isoformat(),
    }
    return browser.post(f"{AT}/sign-off", given | fields)


def test_a_signature_under_an_assessment_kept_elsewhere_is_none_under_one_of_ours(
    browser: Browser, key: str
) -> None:
    entry = browser.here.site.registering.as_of().sign_off(key)
    assert entry is not None
    assert isinstance(entry.fact, SignOff)
    assert entry.fact.version == "1"  # the builder's
    save(browser, "consultation", key, consultation="Members.")
    assert "Draft, not signed off" in browser.get(f"{AT}/print?key={key}&version=1").text
    assert "An assessment that is kept elsewhere is signed off" in browser.get(dpia_link(key)).text


def test_what_is_open_is_listed_instead_of_a_form(browser: Browser, key: str) -> None:
    page = browser.get(f"{AT}/sign-off?key={key}").text
    assert "It cannot be signed off yet" in page
    assert "Nobody has written the assessment yet" in page
    assert 'name="measures_by"' not in page


def test_it_is_signed_off_with_the_reasons_for_overruling(browser: Browser, key: str) -> None:
    n = write(browser.here.site.assessing, key)
    wrong = sign(browser, key, measures_by=" ", followed="no", review_on="2020-01-01")
    assert wrong.status_code == 422
    assert "Who approves the measures?" in wrong.text
    assert "Why was it not followed?" in wrong.text
    assert "The review lies ahead" in wrong.text
    assert 'value="The board"' in wrong.text
    assert "Was the advice followed?" in sign(browser, key, followed="").text
    done = sign(browser, key, followed="no", overruled="The risk is small.")
    assert done.status_code == 303
    assert "Signed off. The assessment is on file." in browser.get(done.headers["location"]).text
    entry = browser.here.site.registering.as_of().sign_off(key)
    assert entry is not None
    assert isinstance(entry.fact, SignOff)
    assert (entry.fact.overruled, entry.fact.version) == (
        "The risk is small.",
        f"{n}, written in Stile",
    )
    for path in ("/transparency", "/transparency/register.json", "/transparency/account.json"):
        public = browser.get(path).text
        assert "signed off in Stile" in public
        assert "admin" not in public, "whose account it was stays inside"
    paper = browser.get(f"{AT}/print?key={key}&version={n}").text
    assert "overruled, because: The risk is small." in paper
    assert "Step 7" in paper
    assert "Draft, not signed off" in browser.get(f"{AT}/print?key={key}&version=1").text
    save(browser, "consultation", key, consultation="More.")
    assert "What was written since is not signed." in browser.get(dpia_link(key)).text
    late = sign(browser, key, version=str(n))
    assert late.status_code == 409


def test_where_no_lane_is_ours_nothing_is_filled_in_and_that_is_said(browser: Browser) -> None:
    hall = Deployment("hall", "Hall", "Others", Phase.PLANNED, Relationship.ON_BEHALF)
    browser.here.site.registering.add(hall, "a letter", "test")
    page = browser.get(f"{AT}?key=hall").text
    assert "Nothing is filled in, because no lane of this program is at this place" in page
    assert areas(browser.get(f"{AT}/steps/need?key=hall").text) == {"aim": "", "need": ""}
    assert "No risk is written down yet." in browser.get(f"{AT}/steps/measures?key=hall").text
    assert "Not answered." in browser.get(f"{AT}/print?key=hall").text


def test_unknown_steps_versions_and_places(browser: Browser, key: str) -> None:
    assert browser.get(f"{AT}/steps/eighth?key={key}").status_code == 404
    assert browser.get(f"{AT}/print?key={key}&version=9").status_code == 404
    assert browser.get(f"{AT}?key=nowhere").status_code == 404


def test_everything_has_words() -> None:
    for kind, words in (
        (Step, dpia_words.TITLES),
        (Step, dpia_words.LEADS),
        (Likelihood, dpia_words.LIKELIHOOD),
        (Severity, dpia_words.SEVERITY),
        (Level, dpia_words.LEVEL),
        (Effect, dpia_words.EFFECT),
        (Open, dpia_words.OPEN),
    ):
        assert set(kind) == set(words)
