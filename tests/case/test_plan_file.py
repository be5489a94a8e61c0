"""A plan as a file: what is written is read back; what is wrong is said."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwarm.case.plan import Delivery, Deployment, NotPlanned, Plan, PlannedDrain, PlannedRepair
from keepwarm.case.plan_file import plan_text, read_plan, write_plan
from keepwarm.case.timetable import timetable
from keepwarm.errors import InputError

NOW = np.datetime64("2026-01-09T06:00:00", "s")

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
moments = st.integers(0, 10**6).map(lambda s: NOW + np.timedelta64(s, "s"))
maybe = st.one_of(moments, st.just(np.datetime64("NaT", "s")))
numbers = st.floats(0, 1e9, allow_nan=False).map(lambda x: float(f"{x:.10g}"))


def same(one, other):
    """NaT is not equal to itself, and a timetable holds arrays: compare what is written."""
    return plan_text(one) == plan_text(other)


@given(
    repairs=st.lists(
        st.builds(
            PlannedRepair,
            asset=texts,
            crews=st.lists(texts, max_size=2).map(tuple),
            begin=moments,
            end=maybe,
            end_low=maybe,
            end_high=maybe,
            spare=texts,
            not_before=maybe,
            why=texts,
        ),
        max_size=3,
    ),
    drains=st.lists(
        st.builds(
            *(PlannedDrain, texts, st.booleans(), numbers, maybe, maybe, texts, maybe, maybe),
            st.lists(texts, max_size=2).map(tuple),
            decided=maybe,
        ),
        max_size=3,
    ),
    sent=st.lists(
        st.builds(
            Deployment,
            *(texts, st.integers(1, 9), st.sampled_from(["boiler", "generator"]), texts, texts),
            *(moments, maybe, numbers, numbers, numbers, texts, maybe),
        ),
        max_size=2,
    ),
    fuel=st.lists(
        st.builds(
            *(Delivery, texts, moments, texts, st.lists(texts, max_size=2).map(tuple), numbers),
            texts,
        ),
        max_size=2,
    ),
    off=st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=0, max_size=3),
)
def test_a_plan_comes_back_as_it_was(tmp_path_factory, repairs, drains, sent, fuel, off):
    table = None
    if off:
        names = [f"{row}.1" for row in range(len(off))]
        table = timetable(names, NOW, np.array(off))
    plan = Plan(
        "town", NOW, 48.0, "people_cold", tuple(repairs), tuple(drains), tuple(sent), table,
        (NotPlanned("x", "y"),), ("a note",), {"cold_person_hours": 12.5},
        deliveries=tuple(fuel),
    )  # fmt: skip
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    write_plan(plan, path)
    back = read_plan(path)
    assert same(plan, back)
    assert [one.asset for one in back.repairs] == [one.asset for one in repairs]
    if table is not None:
        assert (back.timetable.off == table.off).all()


def written(tmp_path, text):
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


HEAD = 'schema = 1\ncase = "town"\nmade_at = 2026-01-09T06:00:00Z\nhours = 48\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema = 1\ncase = [", "no TOML"),
        ("schema = 7\n", "schema 7; expected schema 1: a plan of this version"),
        (HEAD + "[[repiar]]\nasset = 'x'\n", "an unknown key. Did you mean 'repair'?"),
        (HEAD + "[[repair]]\nasset = 'x'\ncrew = ['A']\n", "Did you mean 'crews'?"),
        (HEAD + "[[repair]]\ncrews = ['A']\n", "repair 1: asset: missing"),
        (HEAD + "[[repair]]\nasset = 'x'\nbegin = 'soon'\n", "a time such as 2026-01-09T06:00:00Z"),
        (HEAD + "[[drain]]\ngroup = 'x'\ndrain = 'yes'\n", "true or false"),
        (HEAD + "[[deploy]]\nunit = 'x'\nkind = 'boiler'\ncapacity_mw = -1\n", "not negative"),
        (HEAD + "[rotation]\nstart = 2026-01-09T06:00:00Z\n", "rows of 0 and 1"),
        (
            HEAD + "[rotation]\nstart = 2026-01-09T06:00:00Z\n[rotation.on]\na = '10'\nb = '1x'\n",
            "'x' in it",
        ),
        (HEAD.replace("2026-01-09T06:00:00Z", "'today'"), "a time such as"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, text, said):
    with pytest.raises(InputError) as error:
        read_plan(written(tmp_path, text))
    assert said in str(error.value)


def test_no_file_is_said(tmp_path):
    with pytest.raises(InputError, match="a plan file"):
        read_plan(tmp_path / "none.toml")


def test_local_times_in_a_file_become_utc(tmp_path):
    text = HEAD + "[[repair]]\nasset = 'x'\nnot_before = 2026-01-09T10:00:00+02:00\n"
    [repair] = read_plan(written(tmp_path, text)).repairs
    assert repair.not_before == np.datetime64("2026-01-09T08:00:00", "s")


def test_an_incomplete_plan_stays_one(tmp_path):
    plan = replace(Plan("town", NOW, 1.0, "energy"), complete=False)
    write_plan(plan, tmp_path / "plan.toml")
    assert not read_plan(tmp_path / "plan.toml").complete
