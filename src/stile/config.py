"""Settings: frozen, read once, from `STILE_…` in the environment over a TOML file over the defaults.

The file is `stile.toml` in the data folder, or what `STILE_CONFIG` names. Every setting is described here;
`docs/reference/settings.md` is checked against this class by a test.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from stile.domain import member_groups
from stile.domain.children import Children
from stile.domain.errors import NotConfigured, WrongValue
from stile.domain.ico import ICO
from stile.domain.open_data.licence import OPEN_GOVERNMENT_LICENCE
from stile.domain.quality import DEFAULT_LIMITS, ENROLMENT_LIMITS, EnrolmentLimits, QualityLimits
from stile.domain.register import OrganisationKind
from stile.domain.roles import Role
from stile.domain.sessions import SecondFactor


def default_data_folder() -> Path:
    """The platform's place for an application's data."""
    return Path(platformdirs.user_data_dir("stile", appauthor=False))


class FoiDesk(BaseModel):
    """How the organisation answers requests for information: `[foi]` in the file, `STILE_FOI__WHO` and so on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    who: str | None = Field(None, description="How a letter calls the organisation, such as “the council”.")
    team: str = Field("Information Management Team", description="Who answers.")
    address: str | None = Field(None, description="Postal address, lines separated by commas.")
    email: str | None = Field(None, description="Address for requests and internal reviews.")
    portal_name: str | None = Field(None, description="Name of the open data portal.")
    portal_url: str | None = Field(None, description="Its address.")
    bound: bool = Field(
        True,
        description="Whether the Freedom of Information Act binds the organisation, as it does a council and a company"
        " that councils wholly own (ss. 3, 6). False for a private operator: its letters then say so.",
    )
    ico: str = Field(
        ICO, description="Name, address and telephone of the Information Commissioner on letters."
    )
    public_form: bool = Field(
        True,
        description="Whether anybody may ask by the form at /transparency/ask; otherwise it says where to write to.",
    )
    second_person: bool = Field(
        True,
        description="Whether an answer is approved by somebody who wrote none of it; False only where nobody else is.",
    )
    contacts: dict[str, str] = Field(
        default_factory=dict, description="How to reach each operator that may hold more, by its name."
    )


class Settings(BaseSettings):
    """What an operator may set."""

    model_config = SettingsConfigDict(
        env_prefix="STILE_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    data: Path = Field(
        default_factory=default_data_folder, description="Folder for the database and the site key."
    )
    database: str | None = Field(
        None,
        description="Database address (postgresql+psycopg://…); by default one SQLite file in the data folder.",
    )
    site_key: SecretStr | None = Field(
        None,
        description="Site key, 32 bytes in base64; by default a file in the data folder, made at `stile init`.",
    )
    models: Path | None = Field(
        None, description="Folder of model packs; by default `models` in the data folder."
    )
    models_mirror: str | None = Field(
        None, description="Folder or address to pull model files from instead of their publishers."
    )
    pack: str | None = Field(None, description="Model pack to use; by default the best one installed.")
    eyes: int = Field(2, ge=1, le=16, description="How many frames are looked at in parallel.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    public_url: str | None = Field(
        None,
        description="Address that links are made with, such as https://stile.example; by default host and port.",
    )
    allowed_hosts: tuple[str, ...] = Field(
        (),
        description="More names that pages are reached by, besides that of `public_url`; any other is refused.",
    )
    trusted_proxies: tuple[str, ...] = Field(
        (),
        description="Addresses or networks of proxies whose word is taken for where a visitor calls from"
        " (X-Forwarded-For); by default nobody's.",
    )
    security_contact: str | None = Field(
        None,
        description="Where to report a weakness, such as mailto:security@stile.example; stands in security.txt.",
    )
    tls_certificate: Path | None = Field(None, description="TLS certificate chain, PEM.")
    tls_key: Path | None = Field(None, description="TLS private key, PEM.")
    door_seconds: float = Field(5.0, gt=0, le=30, description="How long the simulated door stays open.")
    time_zone: str = Field(
        "Europe/London", description="Where the centres are; a membership ends with their day."
    )
    inside_hours: float = Field(
        4.0,
        gt=0,
        le=24,
        description="How long somebody who came in counts as inside, where no reader tells that they left. Asked only"
        " where a centre has a capacity or a lane lets nobody in twice.",
    )
    spot_check_every: int = Field(
        50,
        ge=0,
        le=10_000,
        description="One in so many admissions by face, drawn by chance, asks reception whether it was the member: the"
        " false-admit rate is estimated from the answers. 0 asks never, and the rate is published as not measured.",
    )
    figure_groups: tuple[str, ...] = Field(
        (),
        description="Groups, such as age bands, that a member may place themselves in on their own page, so that error"
        " rates of groups can be compared. Empty collects none.",
    )
    country: str = Field(
        "GB",
        pattern="^[A-Z]{2}$",
        description="The centres' country, ISO 3166: a telephone number without a country is taken for one of it.",
    )
    import_folder: Path | None = Field(
        None,
        description="Folder that is watched for member files (*.csv); each is imported and moved to `done` or"
        " `failed`.",
    )
    import_mapping: Path | None = Field(
        None,
        description="How the columns of member files are called, TOML; see `stile members import --example-mapping`.",
    )
    import_keep_days: int = Field(
        14,
        ge=1,
        le=365,
        description="How long imported files and their reports are kept in `done` and `failed`.",
    )
    privacy_contact: str | None = Field(
        None, description="How to reach the data protection officer; stands in the notice."
    )
    data_protection_officer: str | None = Field(
        None, description="Name or office of the data protection officer; stands in the notice."
    )
    operator_address: str | None = Field(
        None, description="Postal address of the operator; stands in the notice."
    )
    notice_recipients: str | None = Field(
        None,
        description="Who else may hold data for the operator, such as a host, and where, if not in the United Kingdom;"
        " added to the notice.",
    )
    notice_more: str | None = Field(
        None, description="What the centre adds to the notice. Nothing can be taken out of it."
    )
    children: Children = Field(
        Children.OFF,
        description="Whether members under 18 may enrol: `off`, `13 to 17`, or `all` (under 13 by a parent).",
    )
    children_guardian: bool = Field(
        False, description="Whether a parent or guardian must consent as well for those of 13 to 17."
    )
    adults_only: bool = Field(
        False,
        description="Whether every membership is an adult's, so that nobody need have a date of birth to enrol.",
    )
    mail_host: str | None = Field(
        None, description="Mail server for links to members; without it they are printed or shown."
    )
    mail_port: int = Field(587, ge=1, le=65535, description="Its port: 587 for starttls, 465 for tls.")
    mail_security: str = Field(
        "starttls",
        pattern="^(starttls|tls|none)$",
        description="How the line to it is kept private: starttls, tls, or none (only on this machine).",
    )
    mail_authorities: Path | None = Field(
        None, description="PEM file that its certificate is checked against; by default the system's."
    )
    mail_user: str | None = Field(None, description="Name to sign in with at the mail server, if it asks.")
    mail_password: SecretStr | None = Field(None, description="Password to sign in with there.")
    mail_from: str | None = Field(None, description="Address that letters come from.")
    second_factor: SecondFactor = Field(
        SecondFactor.REQUIRED,
        description="`required`: whoever signs in with a password sets up a passkey or an authenticator app before"
        " anything else. `optional` only for trials.",
    )
    session_idle_minutes: int = Field(
        30, ge=5, le=720, description="A staff session that is not used for so long ends."
    )
    session_hours: float = Field(
        12.0, ge=1, le=24, description="No staff session is older than this, used or not."
    )
    oidc_issuer: str | None = Field(
        None,
        description="Identity provider (OpenID Connect) that staff may sign in with: its address, such as"
        " https://login.example/tenant.",
    )
    oidc_client_id: str | None = Field(None, description="Client id that the provider knows this site by.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="Client secret, where the provider gave one."
    )
    oidc_again_minutes: int = Field(
        60,
        ge=5,
        le=720,
        description="After so long whoever signed in there is sent there again, signed in or not: what was taken away"
        " there holds here no longer.",
    )
    oidc_roles_claim: str = Field(
        "groups",
        description="Claim of the ID token that says what somebody is; with dots for one inside another.",
    )
    oidc_roles: dict[str, Role] = Field(
        {},
        description="Which value of that claim gives which role; a table `[oidc_roles]` in the file, JSON in the"
        " environment. Whoever has none of them does not get in.",
    )
    lane_quality: QualityLimits = Field(
        DEFAULT_LIMITS, description="What a frame must hold to be used at a lane; see the table below."
    )
    enrolment_quality: EnrolmentLimits = Field(
        ENROLMENT_LIMITS,
        description="What a picture must hold to be used for a template; see the table below.",
    )
    audit_key: SecretStr | None = Field(
        None,
        description="Key that checkpoints of the audit log are signed with, 32 bytes in base64; by default a file in"
        " the data folder, made with the first checkpoint.",
    )
    audit_checkpoint_entries: int = Field(
        1_000, ge=1, description="The head of the audit log is signed after so many new entries."
    )
    audit_checkpoint_hours: float = Field(
        1.0, gt=0, le=168, description="It is signed after so many hours, if there is any new entry."
    )
    time_stamp_url: str | None = Field(
        None,
        pattern="^https?://",
        description="Time-stamp authority (RFC 3161) that is asked to stamp each checkpoint; none by default.",
    )
    time_stamp_roots: Path | None = Field(
        None, description="PEM file of the certificates that its stamps are checked against."
    )
    retention_hour: int = Field(
        3, ge=0, le=23, description="Hour of the night at which the retention rules are applied."
    )
    backup_folder: Path | None = Field(
        None,
        description="Folder for encrypted backups, better on another machine; without it none is made by itself.",
    )
    backup_recipients: tuple[str, ...] = Field(
        (), description="Public keys (age1…) that a backup is encrypted to; `stile backup new-key` makes one."
    )
    backup_every_hours: float = Field(
        24.0,
        gt=0,
        le=24 * 31,
        description="Hours from one backup to the next, where there is a backup folder.",
    )
    backup_keep: int = Field(
        14, ge=1, le=1000, description="How many backups are kept; older ones are deleted."
    )
    organisation: OrganisationKind = Field(
        OrganisationKind.OPERATOR,
        description="operator: runs lanes and is the controller; authority: a council, with no biometric data at all.",
    )
    feeds_inside: tuple[str, ...] = Field(
        (),
        description="Host names inside one's own network whose published registers may be read (`stile register"
        " subscribe`), although their addresses are not public and without TLS.",
    )
    foi: FoiDesk = Field(
        default_factory=FoiDesk, description="How requests for information are answered; see the table below."
    )
    open_data_licence: str = Field(
        OPEN_GOVERNMENT_LICENCE,
        pattern="^https?://",
        description="Licence under which the public account is published, by its address.",
    )
    log_level: str = Field(
        "info", pattern="^(debug|info|warning|error)$", description="Least level that is logged."
    )

    @field_validator("figure_groups")
    @classmethod
    def _are_groups(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return member_groups.checked(names)
        except WrongValue as error:
            raise ValueError(str(error)) from None

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("expected a name like Europe/London")
        return name

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if self.mail_host and not self.mail_from:
            raise ValueError("mail_host needs mail_from, the address that letters come from")
        if self.mail_user and self.mail_security == "none":
            raise ValueError("mail_security must be starttls or tls where mail_user signs in")
        return self

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if self.oidc_issuer is None:
            return self
        if not self.oidc_client_id or not self.oidc_roles:
            raise ValueError("oidc_issuer needs oidc_client_id and oidc_roles")
        parts = urlsplit(self.oidc_issuer)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("oidc_issuer is an https address")
        return self

    @property
    def models_folder(self) -> Path:
        return self.models or self.data / "models"

    @property
    def secure(self) -> bool:
        """Whether pages are reached over TLS, here or at a proxy: decides on secure cookies and HSTS."""
        return self.tls_certificate is not None or (self.public_url or "").startswith("https://")

    @property
    def base_url(self) -> str:
        scheme = "https" if self.tls_certificate else "http"
        return (self.public_url or f"{scheme}://{self.host}:{self.port}").rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 the base class names it so
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls, _settings_file(init_settings)),
        )


def _settings_file(given: PydanticBaseSettingsSource) -> Path:
    if named := os.environ.get("STILE_CONFIG"):
        if not Path(named).is_file():
            raise NotConfigured(f"The settings file {named}, named by STILE_CONFIG, does not exist.")
        return Path(named)
    data = given().get("data") or os.environ.get("STILE_DATA") or default_data_folder()
    return Path(data) / "stile.toml"


@cache
def settings(data: Path | None = None) -> Settings:
    """The settings, read once per data folder. Raises NotConfigured with one line a person can act on."""
    given: dict[str, Any] = {"data": data} if data else {}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        raise NotConfigured(f"Setting “{name}”: {first['msg']}.") from None
    except ValueError as error:
        raise NotConfigured(f"The settings file cannot be read: {error}.") from None
