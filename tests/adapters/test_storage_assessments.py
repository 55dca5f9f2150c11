"""Assessments in both databases: a version comes back as it went in, and stays."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import assessment
from stile.domain.dpia import Assessment, Risk
from stile.domain.errors import Conflict
from tests.adapters.conftest import Place
from tests.domain.test_dpia import WHOLE

FIRST = replace(WHOLE, n=1, risks=(*WHOLE.risks, Risk("Théft “of” templates")))


def keep(store: SqlStore, *versions: Assessment) -> None:
    with store.begin() as work:
        for one in versions:
            work.assessments.add(one)
        work.commit()


def test_versions_come_back_newest_first(store: SqlStore) -> None:
    second = replace(FIRST, n=2, answers=FIRST.answers[:3])
    keep(store, FIRST, second, replace(FIRST, deployment="other", n=1))
    with store.read() as work:
        assert work.assessments.latest("pool") == second
        assert list(work.assessments.versions("pool")) == [second, FIRST]
        assert work.assessments.latest("nowhere") is None
        assert list(work.assessments.versions("nowhere")) == []


def test_a_number_is_given_once(store: SqlStore) -> None:
    keep(store, FIRST)
    with store.begin() as work, pytest.raises(Conflict, match="another version"):
        work.assessments.add(replace(FIRST, by="somebody else"))


def test_the_database_refuses_to_change_one(store: SqlStore, place: Place) -> None:
    keep(store, FIRST)
    with place.stranger() as tool:
        for statement in (update(assessment).values(answers="[]"), delete(assessment)):
            with pytest.raises(DBAPIError, match="only added to"):
                tool.execute(statement)
        again = (
            "INSERT OR REPLACE INTO assessment SELECT * FROM assessment"
            if place.kind == "sqlite"
            else "TRUNCATE assessment"
        )
        with pytest.raises(DBAPIError, match=r"never replaced|only added to"):
            tool.execute(text(again))
