"""The rules of `bin/lib/coverage.py`: what counts, where it counts, and what is refused."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "bin/lib/coverage.py"

SOURCES = {
    "Sources/Kernel/EdisonCore/Money.swift": (100, 95),
    "Sources/Platform/EdisonSQL/Row.swift": (60, 54),
    "Sources/Features/Evaluation/Domain/Rubric.swift": (40, 36),
    "Sources/Features/Datasets/Split.swift": (50, 30),
    "Sources/edison/Edison.swift": (50, 40),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small one, with the script where it stands in the real one."""
    (tmp_path / "bin/lib").mkdir(parents=True)
    (tmp_path / "bin/lib/coverage.py").write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    for path in SOURCES:
        write(tmp_path, path)
    return tmp_path


def write(root: Path, path: str, text: str = "let one = 1\n") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def measured(root: Path, lines: dict[str, tuple[int, int]]) -> subprocess.CompletedProcess[str]:
    files = [
        {"filename": str(root / path), "summary": {"lines": {"count": count, "covered": covered}}}
        for path, (count, covered) in lines.items()
    ]
    (root / "export.json").write_text(json.dumps({"data": [{"files": files}]}), encoding="utf-8")
    return subprocess.run(
        [sys.executable, root / "bin/lib/coverage.py", root / "export.json"], capture_output=True, text=True, timeout=30)


def rows(out: str) -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in out.splitlines()]
    return {name: figures for name, *figures in cells}


def test_each_module_has_a_row_and_the_layers_have_totals(repository: Path) -> None:
    done = measured(repository, SOURCES)
    assert done.returncode == 0, done.stderr
    found = rows(done.stdout)
    assert found["Kernel/EdisonCore"] == ["100", "95", "95.0 %"]
    assert found["Features/Datasets"] == ["50", "30", "60.0 %"]
    assert found["edison"] == ["50", "40", "80.0 %"]
    assert found["**kernel** (at least 90 %)"] == ["100", "95", "95.0 %"]
    assert found["**pipeline** (at least 90 %)"] == ["100", "90", "90.0 %"], "the platform and the evaluation"
    assert found["**overall** (at least 85 %)"] == ["300", "255", "85.0 %"]


@pytest.mark.parametrize(
    ("path", "reached", "name"),
    [
        ("Sources/Kernel/EdisonCore/Money.swift", 89, "kernel: 89.00 %"),
        ("Sources/Platform/EdisonSQL/Row.swift", 53, "pipeline: 89.00 %"),
        ("Sources/edison/Edison.swift", 39, "overall: 84.67 %"),
    ],
)
def test_one_line_below_a_bar_fails_and_names_the_file(repository: Path, path: str, reached: int, name: str) -> None:
    all = SOURCES[path][0]
    more = {"Sources/Features/Datasets/Split.swift": (50, 40)} if "overall" not in name else {}
    done = measured(repository, SOURCES | more | {path: (all, reached)})
    assert done.returncode == 1
    assert done.stderr.startswith(name), done.stderr
    assert f"  {path}: {all - reached} of {all}\n" in done.stderr


def test_tests_packages_and_generated_files_do_not_count(repository: Path) -> None:
    write(repository, "Sources/EdisonAssets/assets.c", "// Made by a script. Do not edit.\nint one;\n")
    not_ours = {
        path: (1000, 0)
        for path in (
            ".build/coverage/checkouts/GRDB/Sources/Row.swift", "Tests/Kernel/Tests.swift",
            "Support/EdisonTestKit/Fuzzer.swift", "Sources/EdisonAssets/assets.c")
    }
    done = measured(repository, SOURCES | not_ours)
    assert done.returncode == 0, done.stderr
    assert done.stdout == measured(repository, SOURCES).stdout


def test_a_module_that_was_not_measured_is_named(repository: Path) -> None:
    write(repository, "Sources/EdisonServer/Workbench.swift")
    done = measured(repository, SOURCES)
    assert done.returncode == 2
    assert "EdisonServer" in done.stderr and not done.stdout
