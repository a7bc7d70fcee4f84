"""Small functions and modules: what has grown is divided."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "noko"
LONGEST_FUNCTION = 59
LONGEST_MODULE = 400


def modules() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def test_sizes_of_modules():
    sizes = {}
    for path in modules():
        lines = path.read_text(encoding="utf-8").splitlines()
        code = [line for line in lines if line.strip() and not line.strip().startswith("#")]
        sizes[str(path.relative_to(PACKAGE))] = len(code)
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_sizes_of_functions():
    long = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                if size > LONGEST_FUNCTION:
                    long[f"{path.relative_to(PACKAGE)}:{node.name}"] = size
    assert long == {}


def test_sizes_no_module_is_called_utils():
    names = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [path for path in modules() if path.name in names] == []
