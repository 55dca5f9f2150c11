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
from stile.adapters.documents.papers import word, word_clean
from stile.domain.errors import NotAllowed, NotConfigured, WrongValue
from stile.domain.foi_desk.letter import FoiLetter, Part
from stile.domain.foi_desk.sentences import day


def docx(letter: FoiLetter, template: Path | None = None) -> bytes:
    """Raises NotConfigured where docxtpl is missing, WrongValue for a template that cannot be filled, NotAllowed for
    one that hides what cannot be taken out of it."""
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
    out = io.BytesIO()
    made.save(out)
    return _bare(out.getvalue(), letter)


def _bare(content: bytes, letter: FoiLetter) -> bytes:
    """Without what a template brings along and nobody reads: comments, changes, who wrote it. Raises NotAllowed for
    what cannot be taken out."""
    from docx import Document

    [(_, clean)] = word_clean.clean("letter.docx", content)
    if left := word.look("letter.docx", clean).found:
        raise NotAllowed(f"Not written: the letter’s template holds {left[0].what} ({left[0].found}).")
    made: Any = Document(io.BytesIO(clean))
    properties = made.core_properties
    properties.author = properties.last_modified_by = letter.sender.name
    properties.title = f"Reference {letter.ref}"
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
    for line in ("Dear {{ to or 'Sir or Madam' }},", "{%p for part in parts %}"):
        made.add_paragraph(line)
    made.add_heading("{{ part.title }}", 2)
    for line in ("{%p for line in part.lines %}", "{{ line }}", "{%p endfor %}", "{%p endfor %}"):
        made.add_paragraph(line)
    made.add_paragraph("Yours {% if to %}sincerely{% else %}faithfully{% endif %},")
    made.add_paragraph("{{ team }}, {{ name }}")
    made.core_properties.author = ""
    made.core_properties.comments = ""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
