"""The settings page: what is in force and where it came from, what is weak, and the lanes' own settings."""

from dataclasses import replace
from pathlib import Path

import pytest

from stile.config import Settings
from stile.domain.audit import Event
from stile.domain.liveness import LivenessMode
from stile.domain.places import Ask
from stile.entrypoints.settings_shown import GROUPS, NOT_SHOWN, Origin, groups, shown
from stile.entrypoints.web.lane_form import FIELDS, changes
from stile.entrypoints.web.lane_form import shown as lane_shown
from tests.conftest import Here
from tests.web_client import Browser, hidden

LANE = "/console/settings/lanes/main"


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


def save(browser: Browser, **given: str) -> tuple[int, str]:
    page = browser.get(LANE).text
    form = {**lane_shown(browser.here.site.setup.lane("main")), "csrf": hidden(page, "csrf"), **given}
    answer = browser.post(LANE, {key: value for key, value in form.items() if value or key in given})
    return answer.status_code, answer.text


def test_every_setting_is_shown_with_what_it_means(browser: Browser) -> None:
    page = browser.get("/console/settings").text
    for name in Settings.model_fields:
        assert f"<code>{name}</code>" in page


def test_every_setting_stands_in_a_group(tmp_path: Path) -> None:
    made = groups(Settings(data=tmp_path))
    titles = [group.title for group in made]
    assert titles[: len(GROUPS)] == [title for title, _ in GROUPS]
    assert titles[len(GROUPS) :] in ([], ["More"])
    assert sum(len(group.rows) for group in made) == len(Settings.model_fields)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (tmp_path / "stile.toml").write_text('privacy_contact = "dpo@stile.example"\nmail_password = "s3cret"\n')
    monkeypatch.setenv("STILE_LOG_LEVEL", "debug")
    return Settings(data=tmp_path, database="postgresql+psycopg://stile:s3cret@db.example/stile")


def test_where_each_came_from(settings: Settings) -> None:
    origins = {one.name: one.origin for one in shown(settings)}
    assert origins["log_level"] is Origin.ENVIRONMENT
    assert origins["privacy_contact"] is Origin.FILE
    assert origins["database"] is Origin.STARTED
    assert origins["port"] is Origin.DEFAULT


def test_no_secret_is_shown(settings: Settings) -> None:
    told = {one.name: one.value for one in shown(settings)}
    assert told["mail_password"] == NOT_SHOWN
    assert told["database"] == "postgresql+psycopg://…@db.example/stile"
    assert "s3cret" not in str(told)


def test_what_is_weak_is_shown_with_its_mend(here: Here, browser: Browser) -> None:
    here.site.setup.change_lane(here.lane.id, {"liveness": LivenessMode.OFF})
    page = browser.get("/console/settings").text
    assert "a photograph of a member opens this lane" in page
    assert "<code>stile lanes change main --liveness passive+active</code>" in page


def test_a_lane_is_changed_and_it_is_recorded_who_did(here: Here, browser: Browser) -> None:
    status, _ = save(browser, liveness="passive+active", attempts="3", name="Front door")
    assert status == 303
    lane = here.site.setup.lane("main")
    assert (lane.liveness, lane.attempts, lane.name) == (LivenessMode.PASSIVE_ACTIVE, 3, "Front door")
    assert lane == replace(here.lane, liveness=lane.liveness, attempts=3, name="Front door"), (
        "and nothing else"
    )
    with here.site.store.read() as work:
        [entry] = [one for one in work.audit.entries() if one.event is Event.LANE_CHANGED]
        [admin] = work.staff.all()
    assert entry.actor == str(admin.id)
    assert set(entry.detail) == {"liveness", "attempts", "name"}


def test_nothing_changed_is_nothing_recorded(here: Here, browser: Browser) -> None:
    assert save(browser)[0] == 303
    assert here.site.setup.lane("main") == here.lane
    with here.site.store.read() as work:
        assert Event.LANE_CHANGED not in {one.event for one in work.audit.entries()}


def test_ticks_are_taken_away(here: Here, browser: Browser) -> None:
    assert save(browser, face_mode="")[0] == 303
    assert here.site.setup.lane("main").face_mode is False


WRONG = {
    "fpir": ("2", "between 0 and 0.5"),
    "fmr": ("often", "Expected a number."),
    "attempts": ("2.5", "Expected a whole number."),
    "frames": ("99", "1 to 10 frames"),
    "seconds": ("nan", "up to 10 seconds"),
    "patience": ("1e9", "up to 60 seconds"),
    "liveness": ("sometimes", "Expected one of the choices."),
    "ask": ("by name", "Expected one of the choices."),
    "zone": ("0,0 1", "Expected corners"),
    "least_face": ("5", "share of the frame"),
    "door": ("ftp://10.0.0.9", "address of a relay"),
    "name": (" ", "a lane has a name"),
}


@pytest.mark.parametrize("field", WRONG)
def test_what_is_wrong_is_said_at_its_field(here: Here, browser: Browser, field: str) -> None:
    given, said = WRONG[field]
    status, page = save(browser, **{field: given})
    assert status == 422
    part = page[page.index(f'id="{field}-wrong"') :].split("</span>")[0]
    assert said in part
    assert f'value="{given}"' in page or field in ("liveness", "ask"), "what was typed stays"
    assert here.site.setup.lane("main") == here.lane


def test_every_field_is_tried_wrongly() -> None:
    assert set(WRONG) == {field.name for field in FIELDS if not field.tick}


def test_what_is_wrong_together_is_said_above(here: Here, browser: Browser) -> None:
    status, page = save(browser, ask="zone")
    assert status == 422
    assert "has a zone" in page
    assert save(browser, ask="zone", zone="0.3,0 0.7,0 0.7,1 0.3,1")[0] == 303
    assert here.site.setup.lane("main").ask is Ask.ZONE


def test_a_relays_password_is_kept_and_not_shown_and_not_sent_elsewhere(here: Here, browser: Browser) -> None:
    lane = here.site.setup.change_lane(here.lane.id, {"door": "https://u:s3cret@10.0.0.9/open"})
    assert "s3cret" not in browser.get(LANE).text
    assert "s3cret" not in browser.get("/console/settings").text
    assert save(browser, attempts="3")[0] == 303
    assert here.site.setup.lane("main").door == lane.door
    _, problems = changes(lane, {"door": "https://…@attacker.example/open"})
    assert "password anew" in problems["door"]


def test_a_change_needs_a_sign_in_that_is_not_old(here: Here, browser: Browser) -> None:
    here.clock.advance(16 * 60)
    assert browser.get(LANE).headers["location"].startswith("/account/again")
