"""Parents, guardians and children, in plain words."""

from stile.domain.children import WhyAgain
from stile.domain.consent import Relation
from stile.domain.guardians import Excuse, Said

RELATIONS = {
    Relation.PARENT: "Parent",
    Relation.GUARDIAN: "Legal guardian",
    Relation.RESPONSIBLE: "Other person with parental responsibility",
    Relation.CARER: "Has care of the child",
}
EXCUSES = {
    Excuse.NOT_FOUND: "They cannot be found",
    Excuse.LACKS_CAPACITY: "They lack the capacity to object or consent",
    Excuse.WELFARE: "The child’s welfare requires that they are not contacted",
    Excuse.NOT_PRACTICABLE: "It is otherwise not reasonably practicable",
}
"""Protection of Freedoms Act 2012 s. 27(1)."""

SAID = {
    Said.NOTIFIED: "Told in writing",
    Said.EXCUSED: "Need not be asked",
    Said.CONSENTED: "Consents",
    Said.OBJECTED: "Objects",
    Said.AGREED: "Agrees",
    Said.REFUSED: "Refuses",
}
ASKED_AGAIN = {
    WhyAgain.TURNED_13: "Turned 13, and decides from now on",
    WhyAgain.TURNED_18: "Turned 18",
    WhyAgain.NOTICE_CHANGED: "What is done has changed since they agreed",
}
