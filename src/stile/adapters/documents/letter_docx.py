"""A letter as a Word file, in the organisation's own style: from its own template, or from ours.

A template is a Word file with the marks of docxtpl in it: `{{ ref }}`, `{{ on }}`, `{{ team }}`, `{{ name }}`,
`{%p for line in address %}`, `{%p for part in parts %}` with `{{ part.title }}` and `{%p for line in part.lines %}`.
`stile foi template --to FILE.docx` writes ours, to begin with. A template fills in words and does nothing else: whoever
may change a Word file must not thereby run programs here.
"""

import io
from pathlib import Path
from typing import Any

from stile.adapters.documents.letter_html import said
from stile.domain.errors import NotConfigured, WrongValue
from stile.domain.foi_letter import FoiLetter, Part
from stile.domain.foi_sentences import day


def docx(letter: FoiLetter, template: Path | None = None) -> bytes:
    """Raises NotConfigured where docxtpl is missing, WrongValue for a template that cannot be filled."""
    try:
        from docxtpl import DocxTemplate
    except ImportError:
        raise NotConfigured(
            "For Word files install the extra “documents”: pip install 'stile[documents]'."
        ) from None
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made: Any = DocxTemplate(template if template is not None else io.BytesIO(our_template()))
    try:
        made.render(_values(letter), ImmutableSandboxedEnvironment(autoescape=True))
    except (TemplateError, ValueError, KeyError) as error:
        raise WrongValue(f"The letter's template cannot be filled: {error}.") from None
    properties = made.docx.core_properties
    properties.author, properties.title = letter.sender.name, f"Reference {letter.ref}"
    properties.last_modified_by = letter.sender.name
    properties.comments = properties.keywords = properties.category = properties.subject = ""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _values(letter: FoiLetter) -> dict[str, Any]:
    questions = {one.n: one for one in letter.request.questions}
    parts = []
    for part in letter.parts:
        lines: list[str] = list(part.lines)
        if part.part is Part.RESPONSE:
            lines = [part.lines[0]]
            for n, line in zip(letter.answers, part.lines[1:], strict=True):
                lines += [f"{n}. {questions[n].text}" if n in questions else f"{n}.", said(line)]
        parts.append({"title": part.title, "lines": lines})
    return {
        "ref": letter.ref,
        "on": day(letter.on),
        "to": letter.to,
        "team": letter.sender.team,
        "name": letter.sender.name,
        "address": letter.sender.address,
        "parts": parts,
    }


def our_template() -> bytes:
    """A plain one, with styles that an organisation can change in Word."""
    from docx import Document
    from docx.shared import Cm, Pt

    made: Any = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = "Arial", Pt(11)
    for line in ("{{ team }}", "{{ name }}", "{%p for line in address %}", "{{ line }}", "{%p endfor %}"):
        made.add_paragraph(line)
    made.add_paragraph("{{ on }}")
    made.add_paragraph("Our reference: {{ ref }}")
    made.add_heading("Your request for information", 1)
    for line in ("{%p if to %}", "Dear {{ to }},", "{%p endif %}", "{%p for part in parts %}"):
        made.add_paragraph(line)
    made.add_heading("{{ part.title }}", 2)
    for line in ("{%p for line in part.lines %}", "{{ line }}", "{%p endfor %}", "{%p endfor %}"):
        made.add_paragraph(line)
    made.add_paragraph("Yours,")
    made.add_paragraph("{{ team }}, {{ name }}")
    made.core_properties.author = ""
    made.core_properties.comments = ""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
