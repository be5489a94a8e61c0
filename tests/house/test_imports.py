"""Importing keepwarm does no work, and its public names are where they are said to be."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from dataclasses import is_dataclass
from pathlib import Path

import pytest

import keepwarm

HEAVY = {"numpy", "scipy", "highspy", "pyarrow", "matplotlib", "rich", "jinja2", "shapely", "pypsa"}


def modules_after(statement: str) -> set[str]:
    """Names of the top-level modules that a fresh interpreter holds after a statement."""
    code = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def test_importing_keepwarm_imports_nothing_heavy():
    assert not modules_after("import keepwarm") & (HEAVY | {"click"})


def test_help_imports_nothing_heavy():
    loaded = modules_after(
        "from keepwarm.commands.main import main\nmain(['--help'], standalone_mode=False)"
    )
    assert "click" in loaded
    assert not loaded & HEAVY


def test_no_room_imports_pypsa():
    from_core = "import keepwarm.case.read, keepwarm.runs.run, keepwarm.briefing"
    assert "pypsa" not in modules_after(from_core)


@pytest.mark.parametrize("name", [name for name in keepwarm.__all__ if name != "__version__"])
def test_a_public_name_is_a_documented_function_or_struct(name):
    function = getattr(keepwarm, name)
    assert inspect.isfunction(function) or is_dataclass(function)
    assert inspect.getdoc(function)
    # Importing its home must not have put a module in its place.
    assert getattr(keepwarm, name) is function


def test_no_room_shares_the_name_of_a_public_function():
    package = Path(keepwarm.__file__).parent
    rooms = {path.stem for path in package.iterdir() if path.suffix in ("", ".py")}
    assert not rooms & set(keepwarm.__all__)


def test_public_functions_take_three_positional_nouns_at_most_and_no_kwargs():
    for name in keepwarm.__all__:
        if name == "__version__":
            continue
        kinds = [
            each.kind for each in inspect.signature(getattr(keepwarm, name)).parameters.values()
        ]
        assert inspect.Parameter.VAR_KEYWORD not in kinds, name
        assert kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD) <= 3, name


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'read_cases'"):
        keepwarm.read_cases  # noqa: B018
