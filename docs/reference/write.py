"""Writes the reference pages from the program itself: settings, commands, routes, reasons, the door's states.

    python docs/reference/write.py

A test holds the committed pages against this, so an undocumented setting, command or route fails the build.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import typer
from fastapi.routing import APIRoute, APIRouter, APIWebSocketRoute

from stile.application.rights.export_person import FIELDS, FORMAT
from stile.config import FoiDesk, Settings
from stile.domain.challenge import TRANSITIONS as CHALLENGE
from stile.domain.challenge import TRIES, TURNS, Phase, Sign
from stile.domain.door import TRANSITIONS, DoorState
from stile.domain.figure_words import LABELS, MEANS
from stile.domain.figures import Measure
from stile.domain.foi import EXEMPTIONS
from stile.domain.foi import TRANSITIONS as FOI
from stile.domain.foi import State as FoiState
from stile.domain.foi import Step as FoiStep
from stile.domain.open_data.atrs import PHASES
from stile.domain.open_data.figures_tables import FIGURES, GROUPS, WAITS
from stile.domain.open_data.handled_tables import HANDLED
from stile.domain.open_data.people_tables import ASKED, ENROLLED
from stile.domain.open_data.register_tables import DEPLOYMENTS, ENTRIES, LEFT_OUT
from stile.domain.passage import AdmitReason, ReferReason, RefuseReason
from stile.domain.quality import EnrolmentLimits, Flaw, QualityLimits
from stile.domain.register import Phase as RegisterPhase
from stile.domain.retention import RULES, STAYS
from stile.domain.rights_request import ARTICLES, COMPLAINTS, REQUESTS, TO_EXTEND, TO_REFUSE, Kind, State
from stile.domain.roles import MAY, Permission, Role
from stile.entrypoints.api.app import needed_by
from stile.entrypoints.api.app import routes as api_routes
from stile.entrypoints.cli import app as command_line
from stile.entrypoints.web.app import ROUTERS
from stile.entrypoints.web.assembly import OF_BOTH
from stile.entrypoints.web.own_words import GROUNDS, KINDS, STATES
from stile.entrypoints.web.role_words import ROLES
from stile.entrypoints.web.words import AT_THE_DESK

TABLES = {
    "figures.csv": FIGURES,
    "waits.csv": WAITS,
    "groups.csv": GROUPS,
    "enrolled.csv": ENROLLED,
    "register.csv": ENTRIES,
    "deployments.csv": DEPLOYMENTS,
    "disclosure-log.csv": ASKED,
    "foi-statistics.csv": HANDLED,
    "left-out.csv": LEFT_OUT,
}
HERE = Path(__file__).parent
MADE = "<!-- Made by docs/reference/write.py; a change here is lost. -->\n"


def settings() -> Iterator[str]:
    yield "# Settings\n"
    yield (
        "From `STILE_…` in the environment, over `stile.toml` in the data folder (or the file that `STILE_CONFIG` "
        "names), over the defaults. They are read once, at start.\n"
    )
    rows = []
    for name, field in Settings.model_fields.items():
        if field.default_factory is not None:
            default = "see below" if name == "foi" else "the platform's data folder"
        elif is_dataclass(field.default):
            default = "see below"
        else:
            default = "–" if field.default is None else f"`{field.default}`"
        rows.append((f"`{name}`", f"`STILE_{name.upper()}`", default, field.description or ""))
    yield table(("In the file", "In the environment", "Default", "What it does"), rows)
    yield "## Requests for information\n"
    yield "In the file the table `[foi]`; in the environment `STILE_FOI__WHO` and so on.\n"
    yield table(
        ("In the table", "Default", "What it does"),
        [
            (
                f"`{name}`",
                f"`{field.default}`" if isinstance(field.default, str | bool) else "–",
                field.description or "",
            )
            for name, field in FoiDesk.model_fields.items()
        ],
    )
    yield "## Limits of quality\n"
    yield (
        "In the file a table each, `[lane_quality]` and `[enrolment_quality]`; in the environment "
        "`STILE_LANE_QUALITY__SHARPNESS` and so on. What each limit costs: "
        "[decision 0013](../decisions/0013-quality-limits-and-what-they-cost.md).\n"
    )
    lane, enrolment = QualityLimits(), EnrolmentLimits()
    limits = [
        (
            f"`{one.name}`",
            f"{getattr(lane, one.name):g}",
            f"{getattr(enrolment, one.name):g}",
            LIMITS[one.name],
        )
        for one in fields(QualityLimits)
    ]
    yield table(("Limit", "At the lane", "At an enrolment", "What it is"), limits)


LIMITS = {
    "inter_eye_px": "least distance of the eye centres, pixels",
    "largest_share": "largest part of the picture that the face may fill",
    "yaw": "how far the nose may stray to the side, in inter-eye distances",
    "pitch": "how far it may stray up or down",
    "roll_degrees": "how far the head may lean, degrees",
    "darkest": "least mean luminance of the aligned face, 0 to 255",
    "brightest": "largest mean luminance",
    "unevenness": "largest difference of its two halves, as a share of the mean",
    "sharpness": "least variance of the Laplacian",
    "second_face": "a second face larger than this share of the first means two people",
}


def commands() -> Iterator[str]:
    yield "# Commands\n"
    root = typer.main.get_command(command_line)
    for path, command in walk("stile", root):
        if hasattr(command, "list_commands") and not command.invoke_without_command:
            continue
        yield f"## `{path}`\n"
        yield (command.help or "").strip() + "\n"
        rows = [(f"`{name(option)}`", text(option)) for option in command.params if name(option) != "--help"]
        if rows:
            yield table(("Argument or option", "What it is"), rows)


def routes_page() -> Iterator[str]:
    yield "# Routes\n"
    yield "What the web server answers.\n"
    yield "## Of an operator and of an authority\n"
    yield _routes(OF_BOTH)
    yield "## Of an operator alone\n"
    yield _routes([router for router in ROUTERS if router not in OF_BOTH])


def _routes(routers: Iterable[APIRouter]) -> str:
    rows = []
    for route in (route for router in routers for route in router.routes):
        if isinstance(route, APIWebSocketRoute):
            rows.append((f"`{route.path}`", "WebSocket", first_line(route.endpoint)))
        elif isinstance(route, APIRoute):
            rows.append(
                (f"`{route.path}`", ", ".join(sorted(route.methods or ())), first_line(route.endpoint))
            )
    return table(("Address", "Method", "What it does"), rows)


def api() -> Iterator[str]:
    yield "# The REST API\n"
    yield (
        "Under `/api/v1`, with a token that carries the permission; the whole of it as an OpenAPI document at "
        "`/api/v1/openapi.json`.\n"
    )
    rows = [
        (f"`{route.path}`", method, f"`{needed_by(route) or 'any token'}`", first_line(route.endpoint))
        for route in api_routes()
        for method in sorted(route.methods or ())
    ]
    yield table(("Address", "Method", "Needs", "What it does"), rows)


def foi() -> Iterator[str]:
    yield "# A request for information\n"
    yield (
        "The steps of a request under the Freedom of Information Act 2000. Nothing is sent that was not checked for "
        "what must not go out, and approved. From every state before that the requester may withdraw it.\n"
    )
    yield "```mermaid\nstateDiagram-v2\n    [*] --> " + _state(FoiState.RECEIVED)
    for (state, step), after in FOI.items():
        if step is not FoiStep.WITHDRAW:
            yield f"    {_state(state)} --> {_state(after)}: {step.split(' (')[0]}"
    yield "```\n"
    yield "# Exemptions\n"
    rows = [(one.name, one.about, "yes" if one.qualified else "no") for one in EXEMPTIONS]
    yield table(("Section", "Because", "Public interest is weighed"), rows)


def _state(state: FoiState) -> str:
    return state.value.replace(" ", "_").replace("-", "_")


def reasons() -> Iterator[str]:
    yield "# Decisions and their reasons\n"
    yield "Every attempt ends in one of these. *Refer* means “please use your card”, and accuses nobody.\n"
    for title, kind in (("Admit", AdmitReason), ("Refuse", RefuseReason), ("Refer", ReferReason)):
        yield f"## {title}\n"
        yield table(("Reason", "In plain words"), [(f"`{one.value}`", AT_THE_DESK[one]) for one in kind])
    yield "# Why a frame is not used\n"
    yield table(("Flaw", "What the person is told"), [(f"`{one.value}`", one.advice) for one in Flaw])


def rights_page() -> Iterator[str]:
    yield "# Requests about one's own data\n"
    yield "What may be asked for, and under which provision.\n"
    yield table(
        ("Kind", "In plain words", "Under"), [(f"`{one}`", KINDS[one], ARTICLES[one]) for one in Kind]
    )
    yield "## Clocks\n"
    yield table(
        ("What", "By when"),
        [
            (
                "answer a request",
                "one calendar month from the day it came: the day of the same number, or the last of "
                "the month; on a weekend, the Monday after",
            ),
            (
                "identity is awaited",
                "the clock stands; the month begins anew with the day on which it is shown",
            ),
            (
                "clarification of an access request is awaited",
                "the clock stands; the days from asking to the answer, both included, do not count",
            ),
            ("extended", "two further months; told, with the reason, within the first"),
            ("withdraw a consent", "at once"),
            ("acknowledge a complaint", "within 30 days; then the outcome without undue delay"),
        ],
    )
    for title, steps in (("A request", REQUESTS), ("A complaint", COMPLAINTS)):
        yield f"## {title}\n"
        yield "```mermaid\nstateDiagram-v2\n    [*] --> " + _state(State.RECEIVED)
        for state in dict.fromkeys([one for pair in steps.items() for one in (pair[0][0], pair[1])]):
            yield f'    state "{STATES[state]}" as {_state(state)}'
        for (state, step), after in steps.items():
            yield f"    {_state(state)} --> {_state(after)}: {step}"
        yield "```\n"
    yield "## Grounds\n"
    yield table(
        ("To", "Ground"),
        [("extend", GROUNDS[one]) for one in TO_EXTEND] + [("refuse", GROUNDS[one]) for one in TO_REFUSE],
    )
    yield f"## The copy of a person's data, `{FORMAT}`\n"
    yield "A ZIP: `index.html` to read, `README.txt`, and `data.json` with these parts.\n"
    yield table(("Part", "What it is"), [(f"`{name}`", what) for name, what in FIELDS.items()])


def _state(state: State) -> str:
    return state.name.lower()


def door() -> Iterator[str]:
    yield "# The door's states\n"
    yield "People can leave in every state (law 8): nothing here locks.\n"
    yield "```mermaid\nstateDiagram-v2\n    [*] --> " + DoorState.SHUT
    for (state, event), after in TRANSITIONS.items():
        yield f"    {state} --> {after}: {event}"
    yield "```\n"


def challenge_page() -> Iterator[str]:
    yield "# Head turns\n"
    yield (
        "Where a lane has to be sure of a live face, a person is asked to turn their head. Which way, and when, is "
        f"drawn at random for each try: {TURNS} turns, and one more for each further try; {TRIES} tries, then the "
        "card. What is not drawn here changes nothing.\n"
    )
    yield "```mermaid\nstateDiagram-v2\n    [*] --> " + Phase.SETTLE
    for (phase, sign), after in CHALLENGE.items():
        yield f"    {phase} --> {after}: {sign}"
    yield f"    {Phase.BACK} --> {Phase.HOLD}: {Sign.STRAIGHT}, and another turn is left"
    yield "```\n"


def roles_page() -> Iterator[str]:
    yield "# Roles\n"
    yield (
        "What each role may do. An account may hold several. Each page and each call names one of these permissions; "
        "what is not in the table is not allowed. Who may give which role: "
        "[decision 0018](../decisions/0018-staff-sign-in.md).\n"
    )
    for role in Role:
        yield f"- **{ROLES[role].name}** (`{role}`): {ROLES[role].may}"
    yield ""
    head = ("Permission", *(ROLES[role].name for role in Role))
    yield table(
        head, [(f"`{one}`", *("yes" if one in MAY[role] else "–" for role in Role)) for one in Permission]
    )


def retention_page() -> Iterator[str]:
    yield "# Retention\n"
    yield (
        "What is kept for how long. The operator may choose another period within the bounds: "
        "[how to](../how-to/retention.md). Why it is built like this: "
        "[decision 0022](../decisions/0022-keeping-erasing-backups.md).\n"
    )
    rows = [
        (
            f"`{rule.subject}`",
            rule.label,
            f"{rule.days:,} {'day' if rule.days == 1 else 'days'} after {rule.since}",
            f"{rule.least:,} to {rule.most:,}",
            rule.what,
            f"{rule.reason} ({rule.ground})",
        )
        for rule in RULES.values()
    ]
    yield table(("Rule", "What", "Kept for", "Bounds, days", "Then", "Why"), rows)
    yield "## What stays\n"
    by_reason: dict[str, list[str]] = {}
    for kept, because in STAYS.items():
        by_reason.setdefault(because, []).append(f"`{kept}`")
    yield table(
        ("Tables of the store", "Why they may"),
        [(", ".join(kept), because) for because, kept in by_reason.items()],
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    if hasattr(command, "list_commands"):
        for child in command.list_commands(None):
            yield from walk(f"{path} {child}", command.get_command(None, child))


def name(option: Any) -> str:
    if option.param_type_name == "option":
        return ", ".join([*option.opts, *option.secondary_opts])
    return (option.name or "").upper() + ("…" if option.nargs != 1 else "")


def text(option: Any) -> str:
    return str(getattr(option, "help", "") or "")


def first_line(function: object) -> str:
    return (getattr(function, "__doc__", None) or "").strip().split("\n")[0]


def open_data() -> Iterator[str]:
    yield "# The public account as data\n"
    yield (
        "Under `/transparency` and in the folder that `stile publish` writes, all made of one object. JSON has its "
        "schema beside it (`account.schema.json`, `register.schema.json`, `atrs.schema.json`, draft 2020-12); each "
        "table has what its columns mean as CSV on the Web (`NAME.csv-metadata.json`); `catalogue.ttl` and "
        "`catalogue.jsonld` are one DCAT-AP 3 catalogue of them all.\n"
    )
    yield "A text that a spreadsheet would take for a formula begins with an apostrophe.\n"
    for name, columns in TABLES.items():
        yield f"## {name}\n"
        rows = [(f"`{one.name}`", one.kind, "yes" if one.required else "no", one.about) for one in columns]
        yield table(("Column", "Type", "Always there", "What it says"), rows)
    yield "## Measures\n"
    yield "Names in `figures.csv`, in the column `measure`; the same names stand in `of`, for denominators.\n"
    yield table(
        ("Name", "What it is"),
        [(f"`{one.value}`", f"{LABELS[one]}. {MEANS.get(one, '')}".strip()) for one in Measure],
    )
    yield "## Phases in algorithmic transparency records\n"
    yield table(
        ("In the register", "In the record"), [(f"`{one.value}`", PHASES[one]) for one in RegisterPhase]
    )


PAGES = {
    "settings.md": settings,
    "commands.md": commands,
    "routes.md": routes_page,
    "roles.md": roles_page,
    "retention.md": retention_page,
    "decisions-and-reasons.md": reasons,
    "rights.md": rights_page,
    "api.md": api,
    "foi.md": foi,
    "open-data.md": open_data,
    "door.md": door,
    "head-turns.md": challenge_page,
}


def page(file: str) -> str:
    return MADE + "\n" + "\n".join(PAGES[file]())


if __name__ == "__main__":
    for file in PAGES:
        (HERE / file).write_text(page(file))
