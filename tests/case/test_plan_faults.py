"""Plan files that a hand has spoilt: said with where, never a traceback."""

import pytest

from keepwarm.case.plan_file import read_plan
from keepwarm.errors import InputError

HEAD = 'schema = 1\ncase = "town"\nmade_at = 2026-01-09T06:00:00Z\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('hours = "long"\n', "hours"),
        ("objective = 3\n", "objective"),
        ("notes = 3\n", "a list of names"),
        ("worth = 3\n", "a table of numbers"),
        ('[worth]\nvalue = "much"\n', "a table of numbers"),
        ("repair = 3\n", "[[repair]] for each"),
        (
            '[rotation]\nstart = 2026-01-09T06:00:00Z\nslot_hours = 0\n[rotation.on]\na = "10"\n',
            "slot_hours",
        ),
        ('[[repair]]\nasset = "x"\nnot_before = "noon"\n', "repair 1: not_before"),
        ('[[repair]]\nasset = "x"\ncrew = ["A"]\n', "Did you mean 'crews'?"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, said):
    path = tmp_path / "plan.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_plan(path)
    assert said in str(raised.value)
