"""The record of processing of Art. 30, as of a day."""

from dataclasses import dataclass
from datetime import date

from stile.domain.children import Children
from stile.domain.errors import NotConfigured
from stile.domain.processing_activities import record
from stile.domain.processing_record import Known, Organisation, ProcessingRecord, Safeguards
from stile.domain.register import Deployment, OrganisationKind, Register
from stile.domain.retention import in_force
from stile.ports import Clock, Store


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the settings say of the organisation."""

    kind: OrganisationKind
    address: str
    contact: str
    officer: str
    recipients: str
    children: Children
    safeguards: Safeguards
    groups: tuple[str, ...] = ()
    bound: bool = True


class Processing:
    def __init__(self, store: Store, clock: Clock, particulars: Particulars) -> None:
        self._store, self._clock, self._particulars = store, clock, particulars

    def record(self, on: date | None = None) -> ProcessingRecord:
        """As the register stood on that day, today where none is given. Raises NotConfigured before the set-up."""
        day, told = on or self._clock.today(), self._particulars
        with self._store.read() as work:
            operator = work.operators.only()
            register = Register.as_of(work.register.all(), day)
            kept = in_force(work.retention.chosen())
            transfers = {}
            for entry in register.deployments():
                assert isinstance(entry.fact, Deployment)
                latest = work.assessments.latest(entry.fact.key)
                transfers[entry.fact.key] = latest.text("transfers") if latest else ""
        if operator is None:
            raise NotConfigured("This site is not set up yet: run `stile init`.")
        of = Organisation(operator.name, told.kind, told.address, told.contact, told.officer)
        known = Known(
            kept, told.safeguards, told.children, told.recipients, transfers, told.groups, told.bound
        )
        return record(of, register, known, day)
