"""What the register's forms ask for, field by field."""

from stile.domain.register import EventKind, Mode, Phase, Relationship
from stile.entrypoints.web.register_fields import (
    YES_NO,
    Field,
    Shape,
    a_day,
    choice,
    lines,
    parties,
    told_lines,
    told_parties,
    told_yes_no,
    uprn,
    yes_no,
)
from stile.entrypoints.web.register_words import EVENTS, MODES, PHASES, RELATIONSHIPS

PEOPLE = "Name no private person here: the register feeds public pages."

DEPLOYMENT = (
    Field("key", "Key", shape=Shape.HIDDEN),
    Field("place", "Place", "As the public knows it.", must="Which place is it?", begins="What and where"),
    Field("address", "Address", "Street, town and postcode."),
    Field("uprn", "UPRN", "The Unique Property Reference Number, if you know it.", read=uprn),
    Field("technology", "Technology", must="What is it that is used?"),
    Field("operator", "Operator", "Who runs it.", must="Who runs it?"),
    Field(
        "relationship",
        "Whose system it is",
        "Decides who holds the information about it (FOIA s. 3(2)).",
        Shape.CHOICE,
        "Please choose whose system it is.",
        tuple((one.value, words) for one, words in RELATIONSHIPS.items()),
        read=choice(Relationship),
    ),
    Field(
        "asked_for",
        "Did the authority ask for it?",
        "Leave it open where nobody has recorded that.",
        Shape.CHOICE,
        choices=YES_NO,
        write=told_yes_no,
        read=yes_no,
    ),
    Field(
        "phase",
        "Phase",
        "While it is planned, members may be enrolled once the assessment is signed off; lanes stay closed to faces.",
        Shape.CHOICE,
        "Please choose the phase.",
        tuple((one.value, words) for one, words in PHASES.items()),
        begins="When",
        read=choice(Phase),
    ),
    Field("since", "First day of use", shape=Shape.DATE, read=a_day),
    Field("until", "Last day of use", "Only where it has ended.", Shape.DATE, read=a_day),
    Field(
        "purpose", "Purpose", "What it is for, in a sentence.", Shape.AREA, begins="Why, and on what basis"
    ),
    Field(
        "mode",
        "Mode",
        "",
        Shape.CHOICE,
        choices=tuple((one.value, words) for one, words in MODES.items()),
        read=choice(Mode),
    ),
    Field(
        "lawful_basis",
        "Lawful basis",
        "UK GDPR Article 6.",
        offers=(
            "Consent (UK GDPR Art. 6(1)(a))",
            "Contract (UK GDPR Art. 6(1)(b))",
            "Legal obligation (UK GDPR Art. 6(1)(c))",
            "Public task (UK GDPR Art. 6(1)(e))",
            "Legitimate interests (UK GDPR Art. 6(1)(f))",
        ),
    ),
    Field(
        "condition",
        "Condition for special category data",
        "UK GDPR Article 9(2).",
        offers=(
            "Explicit consent (UK GDPR Art. 9(2)(a))",
            "Substantial public interest (UK GDPR Art. 9(2)(g); DPA 2018 Sch. 1)",
        ),
    ),
    Field("controller", "Controller", "Who decides why and how the data is used.", begins="Who"),
    Field("joint_controllers", "Joint controllers", "One a line.", Shape.LINES, write=told_lines, read=lines),
    Field(
        "processors",
        "Processors",
        "One a line: name, a colon, what they do. “Cloudy Ltd: hosts the encrypted backups”.",
        Shape.LINES,
        write=told_parties,
        read=parties,
    ),
    Field(
        "suppliers",
        "Suppliers",
        "Private firms that supply it and hold no data; one a line, in the same way.",
        Shape.LINES,
        write=told_parties,
        read=parties,
    ),
    Field(
        "alternative",
        "Alternative",
        "How somebody comes in without it.",
        Shape.AREA,
        begins="For the people who use it",
    ),
    Field("retention", "How long data is kept", "", Shape.AREA),
    Field("pack", "Model", "Name of the model pack in use.", begins="The technology"),
    Field("threshold", "Threshold in force", "With the rate that it keeps.", Shape.AREA),
)

EVENT = (
    Field(
        "kind",
        "What happened",
        "",
        Shape.CHOICE,
        "Please choose what happened.",
        tuple((one.value, words) for one, words in EVENTS.items()),
        read=choice(EventKind),
    ),
    Field("deployment", "Where", "", Shape.CHOICE),
    Field("on", "On which day", "", Shape.DATE, "On which day was it?", read=a_day),
    Field("what", "In a sentence", PEOPLE, Shape.AREA, "What happened?"),
    Field("who", "Which organisation", "Such as the police force that asked. Never a private person."),
    Field(
        "granted",
        "Was it granted?",
        "Only of a request for data.",
        Shape.CHOICE,
        choices=YES_NO,
        write=told_yes_no,
        read=yes_no,
    ),
    Field("ground", "On which ground", "Why it was granted or refused, with the provision.", Shape.AREA),
)

NONE = (
    Field(
        "kind",
        "What did not happen",
        "",
        Shape.CHOICE,
        "Please choose what there was none of.",
        tuple((one.value, words) for one, words in EVENTS.items()),
        read=choice(EventKind),
    ),
    Field("deployment", "Where", "", Shape.CHOICE),
    Field("since", "From", "", Shape.DATE, "From which day on?", read=a_day),
    Field("until", "To", "Both days count.", Shape.DATE, "Up to which day?", read=a_day),
)

POLICE = (
    Field("deployment", "Where", "", Shape.CHOICE, "Please choose where."),
    Field(
        "police",
        "Is a police force involved?",
        "“No” is only ever said because somebody recorded it here.",
        Shape.CHOICE,
        "Please choose yes or no.",
        YES_NO,
        write=told_yes_no,
        read=yes_no,
    ),
    Field("who", "Which force, and how", "Only where one is involved."),
)

OWN_USE = (
    Field(
        "uses",
        "Does this organisation itself use facial recognition?",
        "The first thing that anybody asks.",
        Shape.CHOICE,
        "Please choose yes or no.",
        YES_NO,
        write=told_yes_no,
        read=yes_no,
    ),
)
