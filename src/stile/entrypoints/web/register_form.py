"""The register's forms, one for each kind of fact: which fields it has, and how a fact comes out of them.

Nothing on these forms changes an entry: a form makes a new one, which follows an earlier one or corrects it."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from stile.domain.errors import WrongValue
from stile.domain.register import (
    Deployment,
    EventKind,
    Fact,
    Happened,
    Involved,
    NoneHappened,
    OwnUse,
    Phase,
)
from stile.domain.register_json import KINDS
from stile.entrypoints.web.register_asked import DEPLOYMENT, EVENT, NONE, OWN_USE, POLICE
from stile.entrypoints.web.register_fields import Field, read


@dataclass(frozen=True, slots=True)
class Form:
    """`kind`: as in `register_json.KINDS`. `slug`: in addresses."""

    slug: str
    kind: str
    title: str
    lead: str
    fields: tuple[Field, ...]

    def shown(self, fact: Fact | None) -> dict[str, str]:
        """What stands in the fields."""
        if fact is None:
            return {
                field.name: "facial recognition" if field.name == "technology" else ""
                for field in self.fields
            }
        return {field.name: field.write(getattr(fact, field.name)) for field in self.fields}

    def fact(self, given: Mapping[str, str], kept: Mapping[str, Any]) -> tuple[Fact | None, dict[str, str]]:
        """The fact, or what is wrong with which field; "" for what is wrong with them together. `kept`: values
        that the form does not ask for."""
        values, problems = read(self.fields, given)
        if not problems:
            problems = _together(self.slug, values)
        if problems:
            return None, problems
        try:
            return KINDS[self.kind](**values, **kept), {}
        except WrongValue as error:
            return None, {"": f"{str(error)[:1].upper()}{str(error)[1:]}."}


FORMS: Mapping[str, Form] = {
    one.slug: one
    for one in (
        Form(
            "deployment",
            "deployment",
            "A use of facial recognition",
            "One use at one place. What you leave empty is told to nobody as a fact: it reads as not recorded.",
            DEPLOYMENT,
        ),
        Form(
            "event",
            "event",
            "Something happened",
            "Requests for data, arrests, complaints, breaches, referrals: each with its day and its source.",
            EVENT,
        ),
        Form(
            "none",
            "none",
            "Nothing of the kind happened",
            "That there was none is an entry of its own. Without it the answer is that it was not recorded.",
            NONE,
        ),
        Form(
            "police",
            "police",
            "Whether police forces are involved",
            "Private firms stand with the deployment, as operator, processors and suppliers.",
            POLICE,
        ),
        Form(
            "own-use",
            "own use",
            "Your own use",
            "Whether this organisation itself uses facial recognition, whatever others do in its area.",
            OWN_USE,
        ),
    )
}
assert all(
    {field.name for field in form.fields} <= {one.name for one in fields(KINDS[form.kind])}
    for form in FORMS.values()
)


def _together(slug: str, values: Mapping[str, Any]) -> dict[str, str]:
    """What only fields together can be wrong about, beside the field that mends it."""
    if slug == "deployment":
        if values["phase"] is Phase.ENDED and values["until"] is None:
            return {"until": "A use that ended has a last day."}
        if values["since"] and values["until"] and values["until"] < values["since"]:
            return {"until": "It cannot end before it began."}
    if slug == "none" and values["until"] < values["since"]:
        return {"until": "A period ends after it began."}
    if slug == "event" and values["granted"] is not None and values["kind"] is not EventKind.DATA_REQUEST:
        return {"granted": "Only a request for data is granted or not."}
    if slug == "police" and values["police"] and not values["who"]:
        return {"who": "Which police force is it?"}
    return {}


def form_of(fact: Fact) -> Form | None:
    """The form that makes such a fact; None for a sign-off, which has a page of its own."""
    kinds: dict[type[Fact], str] = {
        Deployment: "deployment",
        Happened: "event",
        NoneHappened: "none",
        Involved: "police",
        OwnUse: "own-use",
    }
    slug = kinds.get(type(fact))
    return FORMS[slug] if slug else None


def new_key(place: str, taken: Collection[str]) -> str:
    """A short name for a new deployment, of the place's own."""
    plain = unicodedata.normalize("NFKD", place).encode("ascii", "ignore").decode().casefold()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "place"
    return next(
        key for n in range(1, len(taken) + 2) if (key := base if n == 1 else f"{base}-{n}") not in taken
    )
