"""Every module says what it is, and the corridor's layers hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import keepwarm

PACKAGE = Path(keepwarm.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def test_layers_hold(repository):
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_documented_and_one_room(path):
    text = path.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_public_functions_are_documented_and_name_their_options(path):
    public = [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    for node in public:
        assert ast.get_docstring(node), node.name
        if isinstance(node, ast.FunctionDef):
            assert node.args.kwarg is None, node.name


def test_only_one_file_imports_highspy():
    files = [path.name for path in MODULES if "import highspy" in path.read_text()]
    assert files == ["highs.py"]
