"""What the doctor looks at in an authority's office: what letters are made with, and what answers would lack."""

from collections.abc import Iterator

from stile.adapters.bank_holidays import bank_holidays
from stile.entrypoints.cli.doctor_finding import Finding, data_folder, tls
from stile.office import Office


def look_at(office: Office) -> Iterator[Finding]:
    yield from data_folder(office, "second factors of staff")
    if not office.setup.is_done:
        yield Finding("Set-up", "bad", "nothing is set up here", "stile init --authority")
        return
    yield Finding("Biometric data", "good", "none: no lanes, no members, and the database refuses a template")
    yield Finding("Bank holidays", "good", f"of all four nations, by {bank_holidays().version}")
    register = office.registering.as_of()
    deployments = len(register.deployments())
    if register.own_use() is None:
        yield Finding(
            "Register",
            "look",
            "it does not say whether the authority itself uses facial recognition: the first thing that is asked",
            "record it at /console/register, or with `stile register add`",
        )
    else:
        uses = "1 use in its area" if deployments == 1 else f"{deployments} uses in its area"
        entries = "1 entry" if len(register.entries) == 1 else f"{len(register.entries)} entries"
        yield Finding("Register", "good", f"{entries}, {uses}")
    yield from _letters(office)
    yield from tls(office, "passwords then cross the network in the clear")


def _letters(office: Office) -> Iterator[Finding]:
    foi = office.settings.foi
    unset = [name for name in ("address", "email") if not getattr(foi, name)]
    if unset:
        yield Finding(
            "Letters",
            "look",
            f"they do not say where a review is asked for ({', '.join(unset)} not set)",
            "set them under [foi] in stile.toml",
        )
    if not office.mail.is_set_up:
        yield Finding(
            "Mail",
            "look",
            "no mail server: whoever asks on the public page gets no acknowledgement by e-mail",
            "set mail_host and mail_from",
        )
