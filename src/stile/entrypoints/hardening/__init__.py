"""Every weak setting, with its mend: one small function each. `stile doctor --security` and the settings page show what
they find. Nothing here changes anything."""

from collections.abc import Sequence

from stile.entrypoints.hardening import files, keeping, lanes, network, people
from stile.entrypoints.hardening.weakness import Check, Look, Severity, Weakness
from stile.office import Office

__all__ = ["CHECKS", "Severity", "Weakness", "weaknesses"]

OF_BOTH: tuple[Check, ...] = (
    network.no_tls,
    network.public_url_is_plain,
    network.certificate_ends,
    network.database_without_tls,
    network.proxies_of_everybody,
    network.proxy_is_not_trusted,
    network.mail_without_tls,
    network.doors_without_tls,
    network.nobody_to_report_to,
    files.key_is_readable,
    files.tls_key_is_readable,
    files.data_is_readable,
    files.database_is_readable,
    files.settings_are_readable,
    files.key_lies_beside_the_database,
    files.backups_lie_in_the_data_folder,
    files.runs_as_root,
    files.logs_everything,
    people.second_factor_is_optional,
    people.accounts_without_second_factor,
    people.one_account_holds_all,
    people.accounts_not_used,
    people.sessions_are_long,
    people.provider_sessions_are_long,
    people.tokens_are_long,
    people.tokens_are_not_used,
    people.tokens_stopped_with_their_maker,
    people.nobody_reads_the_log,
    keeping.no_recent_backup,
    keeping.no_recent_checkpoint,
    keeping.checkpoints_stay_here,
)
"""Those of an operator and of an authority."""

CHECKS: tuple[Check, ...] = (
    *OF_BOTH,
    lanes.liveness_is_off,
    lanes.liveness_is_passive,
    lanes.many_attempts,
    lanes.a_high_rate,
    lanes.faces_without_a_notice,
    lanes.nobody_for_privacy,
    lanes.nobody_to_write_to,
    lanes.devices_not_seen,
)

ORDER = (Severity.SEVERE, Severity.WEAK, Severity.NOTE)


def weaknesses(office: Office) -> Sequence[Weakness]:
    """All that is found, the severe first."""
    checks = CHECKS if office.has_lanes else OF_BOTH
    with office.store.read() as work:
        look = Look(office, work, tuple(work.lanes.all()), office.clock.now())
        found = [one for check in checks for one in check(look)]
    return sorted(found, key=lambda one: ORDER.index(one.severity))
