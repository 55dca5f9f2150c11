"""Templates to answers. Everything a template prints is escaped; a name it does not know is an error."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from stile.domain.roles import Role
from stile.entrypoints.web import role_words, words
from stile.entrypoints.web.navigation import Navigation

HERE = Path(__file__).parent


class Pages:
    def __init__(
        self,
        zone: ZoneInfo,
        navigation: Navigation | None = None,
        roles: Mapping[Role, role_words.RoleWords] = role_words.ROLES,
    ) -> None:
        """`zone`: where the centres are; times are shown as their clocks show them: `clock` to the second, where it is
        compared with the audit log or a receipt; `moment` to the minute, everywhere else. `roles`: those that are given
        out here, in words."""
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        drawn: Any = self._templates.get_template("icons.html").module
        self.navigation = navigation or Navigation()
        self._templates.globals.update(
            words=words, navigation=self.navigation, icon=drawn.icon, logo=drawn.logo
        )
        self._templates.globals.update(
            role_words=role_words.ROLES, offered_roles=roles, means_words=role_words.MEANS
        )
        self._templates.filters.update(
            clock=lambda at: f"{at.astimezone(zone):%H:%M:%S}",
            code=_code,
            moment=lambda at: f"{_date(at.astimezone(zone))}, {at.astimezone(zone):%H:%M}",
            lately=lambda at, today: _lately(at.astimezone(zone), today),
            day_short=lambda at: _short(at.astimezone(zone)),
            day=lambda at: _date(at.astimezone(zone)),
            day_only=_date,
            stamp=_stamp,
        )

    def show(
        self,
        connection: HTTPConnection,
        name: str,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """The page `name`. `path` is where the visitor is, for the navigation."""
        return HTMLResponse(self.text(name, path=connection.url.path, **context), status, headers)

    def text(self, name: str, **context: Any) -> str:
        """The page as text, for a file that somebody takes away."""
        return self._templates.get_template(name).render(**context)


def _code(text: str) -> Markup:
    """What a message writes between backticks, as code; all of it escaped."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)
    )


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _short(day: date) -> str:
    """In tables, where a month's whole name would take another column's place."""
    return f"{day.day} {day:%b %Y}"


def _lately(at: datetime, today: date) -> str:
    """To the second on the day itself, for whoever stands at the lane; with its day afterwards."""
    return f"{at:%H:%M:%S}" if at.date() == today else f"{at.day} {at:%b, %H:%M}"


def _stamp(at: datetime) -> str:
    """For the `datetime` attribute."""
    return at.isoformat(timespec="seconds")
