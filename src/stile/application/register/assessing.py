"""A data protection impact assessment is written step by step, kept version by version, and signed off into the
register when nothing of it is open."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from stile.application.register.registering import Registering
from stile.domain import dpia_facts
from stile.domain.audit import Event
from stile.domain.configuration import Configuration
from stile.domain.dpia import Answer, Assessment, Gap, Risk, drifted, gaps
from stile.domain.dpia_questions import QUESTIONS, Step
from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.register import Deployment, Document, DocumentKind, Entry, Register, SignOff
from stile.domain.register_draft import Differs, differs, drafted
from stile.ports import Clock, Store

Configured = Callable[[str], Configuration | None]
"""What the program is set to at a deployment; None where that is none of its own."""

NOBODY = "system"


@dataclass(frozen=True, slots=True)
class Looked:
    """An assessment as it stands. `fresh`: nobody has saved one yet. `offered`: the same, with what the configuration
    says where nobody has answered yet: what the forms begin with. `configured`: what it says today, by question; empty
    where there is none. `drifted`: questions to which it says something else than when they were answered. `entered`:
    whether the deployment stands in the register. `signed`: the latest signature there."""

    deployment: Deployment
    assessment: Assessment
    offered: Assessment
    configured: Mapping[str, str]
    gaps: Sequence[Gap]
    drifted: Sequence[str]
    entered: bool
    signed: SignOff | None

    @property
    def fresh(self) -> bool:
        return self.assessment.n == 0


@dataclass(frozen=True, slots=True)
class Signing:
    """The end of an assessment, as it is signed. `version`: the one that was read. `overruled`: why the advice of the
    data protection officer was not followed; "" where it was."""

    version: int
    measures_by: str
    residual_by: str
    advice: str
    overruled: str
    review_on: date
    source: str


class Assessing:
    def __init__(
        self, store: Store, clock: Clock, registering: Registering, configured: Configured = lambda _: None
    ) -> None:
        self._store, self._clock = store, clock
        self._registering, self._configured = registering, configured

    def deployment_as_configured(self, key: str) -> Deployment | None:
        """What an entry about one of our own centres can begin with; None where nothing is configured."""
        found = self._configured(key)
        return None if found is None else drafted(found, key)

    def differences(self, key: str, register: Register) -> Sequence[Differs]:
        """Where the register says otherwise of one of our own centres than the program is set to."""
        found, entry = self._configured(key), register.deployment(key)
        if found is None or entry is None or not isinstance(entry.fact, Deployment):
            return []
        return differs(found, entry.fact)

    def notice_in_force(self, key: str) -> str:
        """The version of the notice that is shown there; "" where none is."""
        found = self._configured(key)
        return found.notice if found else ""

    def look(self, key: str) -> Looked:
        """Raises NotFound for a deployment that the register does not know, and that is none of our centres."""
        with self._store.read() as work:
            register = Register.as_of(work.register.all(), self._clock.today())
            latest = work.assessments.latest(key)
        return self._look(key, register, latest)

    def versions(self, key: str) -> Sequence[Assessment]:
        """Newest first."""
        with self._store.read() as work:
            return work.assessments.versions(key)

    def version(self, key: str, n: int) -> Assessment:
        """Raises NotFound."""
        found = next((one for one in self.versions(key) if one.n == n), None)
        if found is None:
            raise NotFound("There is no such version of this assessment.")
        return found

    def answer(
        self, key: str, given: Mapping[str, str], step: Step, upon: int, actor: str, take: Sequence[str] = ()
    ) -> Assessment:
        """A new version with these answers to a step's questions. `upon`: the version that was read. `take`: questions
        whose answer is to be what the configuration says. Raises Conflict when another version came between."""
        looked = self.look(key)
        known = {one.question: one for one in looked.assessment.answers}
        for name, question in QUESTIONS.items():
            if question.step is not step:
                continue
            says = looked.configured.get(name, "")
            if name in take:
                known[name] = Answer(name, says, says)
            elif name in given:
                # Whoever reads and saves a step has seen what the configuration says beside it.
                known[name] = Answer(name, given[name].replace("\r\n", "\n").strip(), says)
        answers = tuple(known[name] for name in QUESTIONS if name in known)
        return self._save(replace(looked.assessment, answers=answers), upon, actor, step)

    def judge(self, key: str, risks: Sequence[Risk], step: Step, upon: int, actor: str) -> Assessment:
        """A new version with these risks. Raises Conflict when another version came between."""
        looked = self.look(key)
        return self._save(replace(looked.assessment, risks=tuple(risks)), upon, actor, step)

    def sign_off(self, key: str, signing: Signing, actor: str) -> Sequence[Entry]:
        """Puts the assessment on file and its signature into the register, together. Raises WrongValue while anything
        is open, Conflict when another version came between."""
        looked = self.look(key)
        today = self._clock.today()
        if not looked.entered:
            raise WrongValue("Enter the deployment into the register first")
        if looked.fresh:
            raise WrongValue("Nobody has written the assessment yet")
        if looked.assessment.n != signing.version:
            raise Conflict("Somebody saved another version of this assessment meanwhile. Please look again.")
        if looked.gaps:
            raise WrongValue("The assessment is not complete: what is open is listed on its page")
        if signing.review_on <= today:
            raise WrongValue("The review date lies ahead")
        version = str(signing.version)
        signed = SignOff(
            key,
            signing.measures_by,
            signing.residual_by,
            signing.advice,
            signing.review_on,
            signing.overruled,
            looked.assessment.signature,
        )
        title = f"Data protection impact assessment, version {version}"
        on_file = Document(DocumentKind.DPIA, title, today, f"kept in Stile as version {version}")
        others = tuple(
            one for one in looked.deployment.documents if (one.kind, one.title) != (DocumentKind.DPIA, title)
        )
        filed = replace(looked.deployment, documents=(*others, on_file))
        return self._registering.add_all([signed, filed], signing.source, actor)

    def _look(self, key: str, register: Register, latest: Assessment | None) -> Looked:
        entry, found = register.deployment(key), self._configured(key)
        if entry is not None and isinstance(entry.fact, Deployment):
            deployment = entry.fact
        elif found is not None:
            deployment = drafted(found, key)
        else:
            raise NotFound("There is no such deployment in the register.")
        configured = {} if found is None else dict(dpia_facts.answers(found, deployment))
        stands = latest or Assessment(key, 0, self._clock.now(), NOBODY)
        answered = {one.question for one in stands.answers}
        filled = {name: says for name, says in configured.items() if says and name not in answered}
        offered = replace(
            stands,
            answers=(*stands.answers, *(Answer(name, says, says) for name, says in filled.items())),
            risks=stands.risks or (tuple(dpia_facts.risks(found)) if found else ()),
        )
        signed = register.sign_off(key)
        return Looked(
            deployment,
            stands,
            offered,
            configured,
            gaps(stands, filled),
            drifted(stands, configured),
            entry is not None,
            signed.fact if signed and isinstance(signed.fact, SignOff) else None,
        )

    def _save(self, changed: Assessment, upon: int, actor: str, step: Step) -> Assessment:
        now = self._clock.now()
        made = replace(changed, n=upon + 1, at=now, by=actor)
        if changed.n != upon:
            raise Conflict("Somebody saved another version of this assessment meanwhile. Please look again.")
        with self._store.read() as work:
            latest = work.assessments.latest(made.deployment)
        if latest is not None and (latest.answers, latest.risks) == (made.answers, made.risks):
            return latest  # a step that was read and left as it is makes no version
        with self._store.begin() as work:
            work.assessments.add(made)
            detail = {"version": made.n, "step": step.value}
            work.audit.append(now, Event.ASSESSMENT_SAVED, actor, made.deployment, detail)
            work.commit()
        return made
