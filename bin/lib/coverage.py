"""Says how many lines of each module the tests reach, and holds the totals against their bars.

    python3 bin/lib/coverage.py EXPORT    EXPORT: what `llvm-cov export -summary-only` wrote

Ends with 1 below a bar, and with 2 when the export does not speak of a module at all. What is not under Sources/ does
not count (tests, what they share, what others wrote), nor does a generated file.
"""
from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# The layers of ARCHITECTURE.md that hold one module in each of their folders.
LAYERS = ("Kernel", "Platform", "Features")
# The pipeline is what a cell of a run goes through, steps 7 to 10 of the walk in ARCHITECTURE.md: the platform, and the
# feature that has outputs made and judged.
KERNEL = ("Kernel/",)
PIPELINE = ("Platform/", "Features/Evaluation/")
BARS = (("kernel", KERNEL, 90.0), ("pipeline", PIPELINE, 90.0), ("overall", ("",), 85.0))
# How many files are named when a total is below its bar.
NAMED = 10


@dataclass(frozen=True)
class Lines:
    all: int = 0
    reached: int = 0

    def __add__(self, other: Lines) -> Lines:
        return Lines(self.all + other.all, self.reached + other.reached)

    @property
    def percent(self) -> float:
        return 100 * self.reached / self.all

    @property
    def missed(self) -> int:
        return self.all - self.reached


def module(path: str) -> str:
    """The folder of the module that a file below Sources/ belongs to."""
    parts = path.split("/")
    return "/".join(parts[:2] if parts[0] in LAYERS else parts[:1])


def generated(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return "Do not edit" in file.readline()


def counted(export: dict[str, Any], root: Path) -> dict[str, Lines]:
    """The lines of each file, by its path below Sources/."""
    sources = root / "Sources"
    found: dict[str, Lines] = {}
    for file in export["data"][0]["files"]:
        path = Path(file["filename"])
        lines = Lines(file["summary"]["lines"]["count"], file["summary"]["lines"]["covered"])
        if path.is_relative_to(sources) and lines.all > 0 and not generated(path):
            found[path.relative_to(sources).as_posix()] = lines
    return found


def modules(root: Path) -> set[str]:
    """Every module of Sources/ with code in Swift."""
    sources = root / "Sources"
    return {module(path.relative_to(sources).as_posix()) for path in sources.rglob("*.swift")}


def total(files: dict[str, Lines], folders: tuple[str, ...]) -> Lines:
    return sum((lines for path, lines in files.items() if path.startswith(folders)), Lines())


def table(files: dict[str, Lines]) -> list[str]:
    rows = [(name, total(files, (f"{name}/",))) for name in sorted({module(path) for path in files})]
    rows += [(f"**{name}** (at least {bar:.0f} %)", total(files, folders)) for name, folders, bar in BARS]
    width = max(len(name) for name, _ in rows)
    head = [f"| {'module':{width}} |  lines | reached |        |", f"| {'-' * width} | -----: | ------: | -----: |"]
    return head + [
        f"| {name:{width}} | {lines.all:6} | {lines.reached:7} | {lines.percent:4.1f} % |" for name, lines in rows]


def below(files: dict[str, Lines]) -> list[str]:
    """A sentence for each total that is below its bar, with the files that miss most."""
    said: list[str] = []
    for name, folders, bar in BARS:
        lines = total(files, folders)
        if lines.percent >= bar:
            continue
        said.append(f"{name}: {lines.percent:.2f} % of the lines are reached, at least {bar:.0f} % should be. Most is missed in:")
        worst = sorted(
            (path for path in files if path.startswith(folders)), key=lambda path: (-files[path].missed, path))
        said += [f"  Sources/{path}: {files[path].missed} of {files[path].all}" for path in worst[:NAMED]]
    return said


def main(export: Path, root: Path = ROOT) -> int:
    files = counted(json.loads(export.read_text(encoding="utf-8")), root)
    unknown = sorted(modules(root) - {module(path) for path in files})
    if unknown:
        print(f"Nothing was measured of: {', '.join(unknown)}. Was {export} made of the whole build?", file=sys.stderr)
        return 2
    print("\n".join(table(files)))
    said = below(files)
    print("\n".join(said), file=sys.stderr, end="\n" if said else "")
    return 1 if said else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 bin/lib/coverage.py EXPORT")
    sys.exit(main(Path(sys.argv[1])))
