"""What the running configuration says to the questions of an assessment. Facts only: what must be weighed, such as why
a card is not enough or how likely a harm is, is left to people, and stays empty."""

from collections.abc import Mapping, Sequence

from stile.domain.children import Children
from stile.domain.configuration import Configuration, about, rate
from stile.domain.dpia import Risk
from stile.domain.liveness import LivenessMode
from stile.domain.places import PURPOSE
from stile.domain.register import Deployment
from stile.domain.retention import Subject

LIVENESS = {
    LivenessMode.OFF: "off",
    LivenessMode.PASSIVE: "passive, with a head turn where looking left it unsure",
    LivenessMode.PASSIVE_ACTIVE: "passive and active, with a head turn",
}
CHILDREN = {
    Children.OFF: "Nobody under 18 can enrol.",
    Children.FROM_13: "Members of 13 to 17 can enrol, with words of their own; nobody under 13.",
    Children.ALL: "Members of 13 to 17 can enrol, with words of their own; under 13 only by a parent or guardian.",
}


def answers(found: Configuration, deployment: Deployment | None) -> Mapping[str, str]:
    """By question. `deployment`: what the register says of it."""
    return {
        "aim": _aim(found),
        "need": (
            "It processes biometric data for the unique identification of people, which is special category data"
            " (UK GDPR Art. 9(1)), with technology that is new to most of them, at every visit. The Information"
            " Commissioner lists biometric data and innovative technology among what is likely to be high risk"
            " (Art. 35(1), (4))."
        ),
        "nature": _nature(found),
        "scope": _scope(found),
        "context": _context(found),
        "purposes": f"The one purpose is {PURPOSE}. The program has no other: it keeps no list of people to look out"
        " for, does not watch rooms, and does not record when staff come and go.",
        "lawful": _lawful(deployment),
        "creep": (
            "A face is compared only when somebody asks to come in, and once at enrolment, to see whether it is"
            " enrolled under another member; from time to time members’ templates are compared with each other, to keep"
            " the threshold safe. There is no function that asks who is on a photograph, no list of people to look for,"
            " and no search over recordings, because there are no recordings. Requests for data by the police or"
            " anybody else, granted or not, have their place in the register. Staff cannot be enrolled as staff."
        ),
        "quality": _quality(found),
        "informed": f"Everybody is shown the notice (version {found.notice}) before they are asked, in words of their"
        " age. What was shown is kept with the consent. The register lists the signs at the door.",
        "rights": (
            "Members see, copy and withdraw everything on their own page, without asking anybody; reception does it"
            " with them. Withdrawal destroys template and key at once. Requests and complaints have their clocks, and"
            f" their answers are kept. To reach the data protection officer: {found.contact or 'not set'}."
        ),
        "processors": _processors(found, deployment),
    }


def risks(found: Configuration) -> Sequence[Risk]:
    """Risks that such a system has, each with what the program does against it. How likely and how severe they are here
    is left open."""
    modes = sorted({LIVENESS[lane.liveness] for lane in found.looking})
    return [
        Risk(
            "A member is let in as another, whose visit record is then wrong.", measures=_false_match(found)
        ),
        Risk(
            "Members are refused more often for who they are, such as for their age, sex or skin.",
            measures="False refusals are marked at the desk and counted. Whoever is refused is asked for the card,"
            " politely, at the same lane."
            + (
                f" Members may place themselves in a group ({', '.join(found.groups)}), and what can be counted of"
                " groups is compared."
                if found.groups
                else ""
            ),
        ),
        Risk(
            "Members feel that they must agree, so that the consent is not freely given.",
            measures=f"At every lane, from the first day: {_listed(found.ways)}. Waiting times of each way are measured"
            " and shown side by side. Consent is asked for by itself, and withdrawn with one touch.",
        ),
        Risk(
            "Templates are stolen, and a face cannot be changed as a password can.",
            measures="Each template is sealed under a key of its own, and the key that opens those is kept apart from"
            " the database. No picture is kept. Backups hold neither templates nor keys."
            + (" Pages are reached over TLS only." if found.over_tls else "")
            + (" Staff sign in with a second factor." if found.second_factor else ""),
        ),
        Risk(
            "Faces of people who never agreed, such as passers-by and children, are processed.",
            measures="Nobody is compared before they ask to come in. What is made of a face that matches nobody lives"
            " in memory only, and is gone when the attempt is over.",
        ),
        Risk(
            "Somebody comes in with a photograph or a mask of a member.",
            measures=f"Liveness: {'; '.join(modes)}." if modes else "",
        ),
        Risk(
            "The system is used for something else: to find somebody, for the police, to watch staff.",
            measures="There is no function for it. Every look into a member’s data is in an audit log that cannot be"
            " changed unseen.",
        ),
        Risk("Data is kept longer than it is needed.", measures=found.kept(*PERSONAL)),
        Risk(
            "The system fails, and members do not get in or staff let people in unseen.",
            measures="Card, PIN and phone do not depend on it. Leaving is never controlled. Nothing opens unless the"
            " passage could be recorded.",
        ),
    ]


PERSONAL = (Subject.PASSAGES, Subject.LAPSED_TEMPLATES, Subject.LAPSED_MEMBERS, Subject.ENDED_CONSENTS)


def _aim(found: Configuration) -> str:
    lanes = _listed([lane.name for lane in found.looking]) or "no lane yet"
    return (
        f"{found.operator} wants {PURPOSE} at {found.centre} without a card, if they choose so. A camera at the lane"
        f" ({lanes}) compares the face of a member who asks to come in with templates of members who agreed."
    )


def _nature(found: Configuration) -> str:
    model = f" The model pack is {found.pack}." if found.pack else ""
    return (
        "At enrolment several pictures are taken, a template is computed from them, and the pictures are gone. At the"
        " lane frames are looked at in memory; what is kept of a visit is when, which lane, which way in, and the"
        f" outcome.{model} Templates are sealed; pictures are never kept. Data comes from the members themselves and"
        f" from the membership system.\n{found.kept(*PERSONAL)}"
    )


def _scope(found: Configuration) -> str:
    return (
        "Templates (biometric data, special category), consents, passages, names, membership numbers, dates of birth"
        f" where the age decides. {about(found.members).capitalize()} members are known, {about(found.enrolled)} of"
        f" them enrolled, at {found.centre}: {_lanes(found)}"
    )


def _context(found: Configuration) -> str:
    return (
        "Members have a contract with the operator and come of their own will. Each may use the face, or instead:"
        f" {_listed(found.ways)}. They can change their mind at any time, and are treated the same."
        f" {CHILDREN[found.children]}"
    )


def _lawful(deployment: Deployment | None) -> str:
    if deployment is None or not (deployment.lawful_basis or deployment.condition):
        return ""
    return "; ".join(one for one in (deployment.lawful_basis, deployment.condition) if one) + "."


def _quality(found: Configuration) -> str:
    return (
        "A template is made only of pictures that are sharp, lit and show one face. Thresholds come from a stated rate"
        f" at the size of the gallery: {_lanes(found)}"
        + (f" The model’s rates were measured on {found.measured_on}." if found.measured_on else "")
        + " The site’s own members are measured against each other, and whoever looks too much alike is asked for the"
        " card."
    )


def _processors(found: Configuration, deployment: Deployment | None) -> str:
    parties = deployment.processors if deployment else ()
    named = "\n".join(f"{one.name}: {one.part or 'part not recorded'}." for one in parties)
    more = f"The notice names: {found.recipients}." if found.recipients else ""
    return "\n".join(one for one in (named, more) if one)


def _false_match(found: Configuration) -> str:
    return (
        f"{_lanes(found)} Two members who look too much alike are asked for the card. The desk marks"
        " whoever was let in as another, and what is marked is counted."
        + (
            f" One admission in {found.spot_checks}, drawn by chance, is checked by reception."
            if found.spot_checks
            else " No spot checks are made."
        )
    )


def _lanes(found: Configuration) -> str:
    if not found.looking:
        return "No lane looks at faces."
    return " ".join(
        f"{lane.name}: {rate(lane)}, up to {lane.attempts} attempts of {lane.frames} frames,"
        f" liveness {LIVENESS[lane.liveness]}."
        for lane in found.looking
    )


def _listed(words: Sequence[str]) -> str:
    words = list(words)
    return "" if not words else words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
