"""One page of a PDF, in the order in which it is painted: what is painted later covers what was painted before."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from stile.domain.foi_desk.redaction import Concealed, Finding

Matrix = Sequence[float]
PER_LETTER = 0.5
"""A letter's width by its height, on average: enough to know which words of a line a box lies over."""
LOW = 0.5
"""A box lower than half a letter is a line: it strikes through or underlines, and hides nothing."""
SMALL = 4.0
"""Points: what is smaller covers no word in a picture."""
NOT_DRAWN = 3
"""The rendering mode in which text is neither filled nor stroked."""
FILLS = ("f", "F", "f*", "B", "B*", "b", "b*")
SHOWS = ("Tj", "TJ", "'", '"')


@dataclass(frozen=True, slots=True)
class Box:
    """In points, `left` < `right` and `low` < `high`. `picture`: it is one, and no plain ground."""

    left: float
    low: float
    right: float
    high: float
    picture: bool = False

    @property
    def height(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Line:
    """Text as one operator shows it. `size`: of a letter, in points; `end`: about where it ends."""

    x: float
    y: float
    end: float
    size: float
    text: str
    drawn: bool


@dataclass(slots=True)
class _State:
    """What `q` keeps and `Q` brings back. `per_letter`: bytes."""

    opaque: bool = True
    mode: int = 0
    size: float = 1.0
    per_letter: int = 1


@dataclass(slots=True)
class _Painter:
    """Follows the operators of a page."""

    page: Any
    now: _State = field(default_factory=_State)
    kept: list[_State] = field(default_factory=list)
    path: list[tuple[float, float]] = field(default_factory=list)
    painted: list[Line | Box] = field(default_factory=list)

    def see(self, operator: bytes, operands: Any, cm: Matrix, tm: Matrix) -> None:
        op = operator.decode("latin-1")
        match op:
            case "q":
                self.kept.append(replace(self.now))
            case "Q":
                self.now = self.kept.pop() if self.kept else _State()
            case "gs":
                self.now.opaque = self._is_opaque(operands[0])
            case "Tr":
                self.now.mode = int(operands[0])
            case "Tf":
                self.now.size = float(operands[1])
                font = _of(_of(self.page.get("/Resources"), "/Font"), operands[0])
                self.now.per_letter = 2 if font is not None and font.get("/Subtype") == "/Type0" else 1
            case "re":
                x, y, w, h = (float(one) for one in operands)
                self.path += [_at(cm, x, y), _at(cm, x + w, y + h), _at(cm, x + w, y), _at(cm, x, y + h)]
            case "m" | "l":
                self.path.append(_at(cm, float(operands[0]), float(operands[1])))
            case "c" | "v" | "y":
                self.path.append(_at(cm, float(operands[-2]), float(operands[-1])))
            case "n" | "S" | "s":
                self.path = []
            case _ if op in FILLS:
                if self.path and self.now.opaque:
                    self.painted.append(_around(self.path))
                self.path = []
            case "Do":
                self._picture(operands[0], cm)
            case _ if op in SHOWS:
                self._text(operands, cm, tm)

    def _is_opaque(self, name: Any) -> bool:
        states = _of(self.page.get("/Resources"), "/ExtGState")
        state = _of(states, name)
        if state is None:
            return self.now.opaque
        mode = state.get("/BM", "/Normal")
        return float(state.get("/ca", 1)) >= 0.95 and mode in ("/Normal", "/Compatible")

    def _picture(self, name: Any, cm: Matrix) -> None:
        found = _of(_of(self.page.get("/Resources"), "/XObject"), name)
        if (
            found is not None
            and found.get("/Subtype") == "/Image"
            and "/SMask" not in found
            and self.now.opaque
        ):
            corners = [_at(cm, x, y) for x in (0, 1) for y in (0, 1)]
            self.painted.append(replace(_around(corners), picture=True))

    def _text(self, operands: Any, cm: Matrix, tm: Matrix) -> None:
        given = operands[-1] if operands else ""
        parts = given if isinstance(given, list) else [given]
        text = "".join(
            one if isinstance(one, str) else one.decode("latin-1") if isinstance(one, bytes) else ""
            for one in parts
        )
        letters = len(text) / self.now.per_letter
        if not text.strip():
            return
        x, y = _at(cm, tm[4], tm[5])
        size = abs(self.now.size * (tm[3] or tm[1]) * (cm[3] or cm[1])) or 1.0
        gaps = -sum(float(one) for one in parts if isinstance(one, int | float)) / 1000 * size
        self.painted.append(
            Line(
                x, y, x + letters * PER_LETTER * size + max(0.0, gaps), size, text, self.now.mode != NOT_DRAWN
            )
        )


def on_page(page: Any, where: str, over: Sequence[Box] = ()) -> tuple[str, Sequence[Finding]]:
    """Its words, and what of them is not seen. `over`: boxes that lie over everything: annotations."""
    painter = _Painter(page)
    shown: list[tuple[float, str]] = []

    def hear(text: str, cm: Matrix, tm: Matrix, *_: Any) -> None:
        if text.strip():
            shown.append((_at(cm, tm[4], tm[5])[1], text.strip()))

    text = page.extract_text(visitor_operand_before=painter.see, visitor_text=hear)
    crop = page.cropbox
    frame = Box(float(crop.left), float(crop.bottom), float(crop.right), float(crop.top))
    found = []
    boxes = [(n, one) for n, one in enumerate([*painter.painted, *over]) if isinstance(one, Box)]
    for n, line in enumerate(painter.painted):
        if not isinstance(line, Line):
            if line.picture and any(later > n and lies_on(box, line) for later, box in boxes):
                found.append(Finding(Concealed.OVERLAID, where, "what was painted over is in the file"))
            continue
        words = next((said for y, said in shown if abs(y - line.y) < 1), line.text)[:60]
        if not line.drawn:
            found.append(Finding(Concealed.UNSEEN, where, "a layer of text that is not drawn"))
        elif any(later > n and covers(box, line) for later, box in boxes):
            found.append(Finding(Concealed.COVERED, where, words))
        elif not (frame.left - 1 <= line.end and line.x <= frame.right + 1 and _inside(frame, line)):
            found.append(Finding(Concealed.CROPPED, where, words))
    return text, found


def covers(box: Box, line: Line) -> bool:
    """Whether any word of the line may lie under the box."""
    middle = line.y + line.size * 0.3
    return (
        box.height >= LOW * line.size
        and box.low <= middle <= box.high
        and box.left < line.end - 0.1 * line.size
        and box.right > line.x + 0.1 * line.size
    )


def lies_on(box: Box, picture: Box) -> bool:
    """Whether a box of some size lies on a part of the picture."""
    if box.picture:
        return False
    across = min(box.right, picture.right) - max(box.left, picture.left)
    up = min(box.high, picture.high) - max(box.low, picture.low)
    return across >= SMALL and up >= SMALL


def _inside(frame: Box, line: Line) -> bool:
    return frame.low - line.size <= line.y <= frame.high


def _around(points: Sequence[tuple[float, float]]) -> Box:
    across, up = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(up), max(across), max(up))


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = (float(one) for one in matrix)
    return a * x + c * y + e, b * x + d * y + f


def _of(holder: Any, name: Any) -> Any:
    if holder is None:
        return None
    found = holder.get_object().get(name)
    return None if found is None else found.get_object()
