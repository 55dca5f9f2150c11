"""How many members are enrolled: counted in the database, so that nobody's row leaves it."""

from collections.abc import Sequence

from sqlalchemy import distinct, func, select

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import Transaction
from stile.domain.enrolled import Born
from stile.domain.ids import CentreId

member, template = tables.member, tables.template


class SqlEnrolledMembers:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def born(self) -> Sequence[Born]:
        by = (member.c.centre, member.c.born_on)
        counted = (
            select(*by, func.count(distinct(member.c.id)))
            .join(template, template.c.member == member.c.id)
            .group_by(*by)
        )
        return [Born(CentreId(centre), born_on, int(n)) for centre, born_on, n in self._tx.all(counted)]
