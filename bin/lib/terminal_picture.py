"""A terminal's screen as an SVG picture whose text can be selected."""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import escape

# Every tone has a contrast of at least 4.5 to 1 on the ground.
GROUND, TEXT, DIM = "#15171c", "#d9dce3", "#969cab"
ANSI = [
    "#8a91a1", "#f47c7c", "#7fd1a0", "#e3c078", "#82aaff", "#d6a2f0", "#76cfe0", "#d9dce3",
    "#a9afbd", "#ff9c9c", "#9fe6bb", "#f2d79a", "#a6c2ff", "#e6bffa", "#9be4f1", "#ffffff",
]
FONT, ADVANCE, LEADING, MARGIN, BAR = 13, 7.8, 19, 20, 36
LONGEST, TAIL = 72, 34


@dataclass(frozen=True)
class Style:
    colour: int | None = None
    bold: bool = False
    dim: bool = False

    @property
    def classes(self) -> str:
        names = [f"c{self.colour}"] if self.colour is not None else ["d"] if self.dim else []
        return " ".join(names + (["b"] if self.bold else []))


@dataclass
class Screen:
    """As much of a terminal as programs use that print lines and redraw the last one."""

    columns: int
    rows: list[list[tuple[str, Style]]] = field(default_factory=lambda: [[]])
    column: int = 0
    style: Style = Style()

    def write(self, text: str) -> None:
        for part in re.finditer(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b\].*?(?:\x07|\x1b\\)|(.)", text, re.DOTALL):
            parameters, command, letter = part.groups()
            if command == "m":
                self._select(parameters)
            elif command == "K":
                del self.rows[-1][self.column:]
            elif command:
                raise ValueError(f"the terminal picture knows no command {command!r}")
            elif letter == "\n":
                self.rows.append([])
                self.column = 0
            elif letter == "\r":
                self.column = 0
            elif letter:
                self._put(letter)

    def _put(self, letter: str) -> None:
        if self.column == self.columns:
            self.rows.append([])
            self.column = 0
        row = self.rows[-1]
        row += [(" ", Style())] * (self.column - len(row))
        row[self.column:self.column + 1] = [(letter, self.style)]
        self.column += 1

    def _select(self, parameters: str) -> None:
        for code in [int(code or 0) for code in parameters.split(";")]:
            if code == 0:
                self.style = Style()
            elif code == 1:
                self.style = replace(self.style, bold=True)
            elif code == 2:
                self.style = replace(self.style, dim=True)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.style = replace(self.style, colour=code - 30 if code < 40 else code - 82)
            else:
                raise ValueError(f"the terminal picture knows no style {code}")


def shortened(rows: list[list[tuple[str, Style]]]) -> list[list[tuple[str, Style]]]:
    """The beginning and the end, each from one empty row to another, when there are too many."""
    def is_empty(row: list[tuple[str, Style]]) -> bool:
        return not "".join(letter for letter, _ in row).strip()

    while rows and is_empty(rows[-1]):
        rows = rows[:-1]
    if len(rows) <= LONGEST:
        return rows
    empty = [number for number, row in enumerate(rows) if not row]
    tail = max((number for number in empty if len(rows) - number >= TAIL), default=len(rows) - TAIL)
    head = max((number for number in empty if number + 3 + len(rows) - tail <= LONGEST), default=0)
    mark = f"… {tail - head} more rows …"
    return rows[:head + 1] + [[(letter, Style(dim=True)) for letter in mark]] + rows[tail:]


def line(number: int, row: list[tuple[str, Style]]) -> str:
    while row and row[-1][0] == " ":
        row = row[:-1]
    if not row:
        return ""
    runs: list[tuple[str, Style]] = []
    for letter, style in row:
        # A blank looks the same in every style.
        if runs and (runs[-1][1] == style or letter == " "):
            runs[-1] = (runs[-1][0] + letter, runs[-1][1])
        else:
            runs.append((letter, style))
    text = "".join(
        f'<tspan class="{style.classes}">{escape(words, quote=False)}</tspan>' if style.classes
        else escape(words, quote=False) for words, style in runs)
    return (f'<text x="{MARGIN}" y="{BAR + MARGIN + number * LEADING}" textLength="{len(row) * ADVANCE:.1f}">'
            f"{text}</text>")


def picture(screen: Screen, title: str) -> str:
    rows = shortened(screen.rows)
    width = round(screen.columns * ADVANCE + 2 * MARGIN)
    height = BAR + len(rows) * LEADING + 2 * MARGIN - 10
    colours = "".join(f".c{number}{{fill:{tone}}}" for number, tone in enumerate(ANSI))
    style = (
        f"text{{font:{FONT}px ui-monospace,'SF Mono','Cascadia Code',Menlo,Consolas,'DejaVu Sans Mono',monospace;"
        f"fill:{TEXT};white-space:pre}}.b{{font-weight:700}}.d{{fill:{DIM}}}{colours}")
    lights = "".join(
        f'<circle cx="{MARGIN + 4 + index * 18}" cy="{BAR / 2:g}" r="5.5" fill="#3a3f4b"/>' for index in range(3))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="title words" xml:space="preserve">\n'
        f'<title id="title">{escape(title)}</title>\n'
        '<desc id="words">A terminal at the end of the demo: iterations with scores and accepted edits, the comparison '
        "on held-out cases, the cost and the best prompt.</desc>\n"
        f"<style>{style}</style>\n"
        f'<rect width="{width}" height="{height}" rx="10" fill="{GROUND}"/>\n{lights}\n'
        f'<text class="d" x="{width / 2:g}" y="{BAR / 2 + 4.5:g}" text-anchor="middle">{escape(title)}</text>')
    body = [text for text in (line(number, row) for number, row in enumerate(rows)) if text]
    return "\n".join([head, *body, "</svg>", ""])
