"""Where in the register each thing is entered: what is missing leads to the field that lacks it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from stile.domain.dpia_questions import Step
from stile.domain.ids import EntryId
from stile.domain.register import DocumentKind, Missing

AT = "/console/register"

FIELD: Mapping[Missing, str] = {
    Missing.IN_USE: "phase",
    Missing.PURPOSE: "purpose",
    Missing.CONTROLLER: "controller",
    Missing.LAWFUL_BASIS: "lawful_basis",
    Missing.ALTERNATIVE: "alternative",
    Missing.RETENTION: "retention",
}
DOCUMENT: Mapping[Missing, DocumentKind] = {
    Missing.NOTICE: DocumentKind.NOTICE,
    Missing.SIGNAGE: DocumentKind.SIGNAGE,
}


def missing_link(lack: Missing, key: str) -> str:
    """The page, and the place on it, where a deployment's gap is closed."""
    if lack in DOCUMENT:
        return f"{AT}/document?{urlencode({'key': key, 'kind': DOCUMENT[lack].value})}"
    if lack is Missing.DPIA:
        return dpia_link(key)
    if lack in (Missing.SIGN_OFF, Missing.REVIEW):
        return f"{AT}/dpia/sign-off?{urlencode({'key': key})}"
    field = FIELD.get(lack)
    return f"{AT}/enter/deployment?{urlencode({'key': key})}{f'#{field}' if field else ''}"


def deployment_link(key: str) -> str:
    return f"{AT}/deployment?{urlencode({'key': key})}"


def dpia_link(key: str) -> str:
    return f"{AT}/dpia?{urlencode({'key': key})}"


def step_link(step: Step, key: str, said: str = "") -> str:
    """A step of the assessment."""
    return f"{AT}/dpia/steps/{step}?{urlencode({'key': key} | ({'said': said} if said else {}))}"


def entry_link(id: EntryId | str) -> str:
    """An entry's own page: what a citation leads to."""
    return f"{AT}/entries/{id}"
