"""The schema tables: one CSV per table, read by the loader, the documentation and the messages."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: Tables of a PyPSA folder, in the order in which they are read.
NETWORK_TABLES = (
    "carriers",
    "snapshots",
    "buses",
    "generators",
    "loads",
    "lines",
    "transformers",
    "links",
    "stores",
    "storage_units",
)

_FILLED = ("snapshots", "buses", "regions", "archetypes", "weather", "restoration", "rotation")
_PORT = re.compile(r"(bus|efficiency|delay|cyclic_delay)([2-9]|[1-9]\d+)")
_LABEL = re.compile(r"name_[a-z]{2,3}")


@dataclass(frozen=True)
class Column:
    """One column of a table, as its schema CSV describes it.

    Parameters
    ----------
    name, type, unit, meaning, source : str
        As in the schema; ``type`` is name, text, number, numbers, flag or time.
    required : bool
        Whether the column must be there and every cell filled.
    default : str
        What an empty cell or a missing column means; empty for "unknown".
    minimum, maximum : float
        Range of a number, both ends allowed; infinite where the schema is silent.
    choices : tuple of str
        The only values allowed; empty for any.
    """

    name: str
    type: str
    unit: str
    required: bool
    default: str
    minimum: float
    maximum: float
    choices: tuple[str, ...]
    meaning: str
    source: str


@dataclass(frozen=True)
class Schema:
    """The columns of one table.

    An ``open`` table accepts columns of the user's own; a ``filled`` one needs at least one row.
    """

    table: str
    columns: Mapping[str, Column]
    open: bool
    filled: bool

    def column(self, name: str) -> Column | None:
        """Return the column that describes ``name``; bus3 is described by bus2, name_uk by name_en.

        Parameters
        ----------
        name : str
            Column as the user's header has it.

        Returns
        -------
        Column or None
            None when the schema does not know the column.
        """
        if name in self.columns:
            return self.columns[name]
        port = _PORT.fullmatch(name)
        if port:
            return self.columns.get(f"{port[1]}2")
        if _LABEL.fullmatch(name):
            return self.columns.get("name_en")
        return None


@dataclass(frozen=True)
class PypsaColumn:
    """A column of PyPSA that keepwarm does not read: refused unless neutral, or without effect."""

    table: str
    column: str
    refused: bool
    neutral: tuple[str, ...]
    feature: str


def schema_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV of ``case/schema``.

    Parameters
    ----------
    name : str
        File stem, for example ``settings``.

    Returns
    -------
    list of dict
        One per row, keyed by the header.
    """
    text = (files("keepwarm.case") / "schema" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def schema(table: str) -> Schema:
    """Return the schema of a table of the case folder.

    Parameters
    ----------
    table : str
        Table name without extension, for example ``generators``.

    Returns
    -------
    Schema
        Its columns in the order of the schema CSV.
    """
    columns = [_column(row, row["column"]) for row in schema_rows(table)]
    return Schema(
        table,
        {column.name: column for column in columns},
        open=table in NETWORK_TABLES,
        filled=table in _FILLED,
    )


@cache
def settings_schema() -> Mapping[str, Column]:
    """Return the keys of case.toml, dotted, as columns."""
    return {row["key"]: _column(row, row["key"]) for row in schema_rows("settings")}


@dataclass(frozen=True)
class ArchetypeParameter:
    """One parameter of archetypes.csv."""

    unit: str
    minimum: float
    maximum: float
    default: float  # NaN where there is none
    required: bool
    high_cools_sooner: bool
    of_flat: bool  # else of the whole building


@cache
def archetype_parameters() -> Mapping[str, ArchetypeParameter]:
    """Return the parameters of archetypes, by name."""
    return {
        row["parameter"]: ArchetypeParameter(
            unit=row["unit"],
            minimum=float(row["minimum"]),
            maximum=float(row["maximum"]),
            default=float(row["default"] or "nan"),
            required=not row["default"],
            high_cools_sooner=row["cools_sooner"] == "high",
            of_flat=row["per"] == "flat",
        )
        for row in schema_rows("archetype_parameters")
    }


@cache
def carrier_names() -> Mapping[str, str]:
    """Return the carrier of keepwarm behind every bus carrier that it reads."""
    return {row["carrier"]: row["read_as"] for row in schema_rows("carrier_names")}


@cache
def pypsa_columns(table: str) -> Mapping[str, PypsaColumn]:
    """Return PyPSA's columns of a table that keepwarm does not read."""
    return {
        row["column"]: PypsaColumn(
            table,
            row["column"],
            row["use"] == "refused",
            tuple(row["neutral"].split("|")),
            row["feature"],
        )
        for row in schema_rows("pypsa_columns")
        if row["table"] == table
    }


def unread_column(table: str, name: str) -> PypsaColumn | None:
    """Return what PyPSA means by a column that keepwarm does not read, or None."""
    known = pypsa_columns(table)
    port = _PORT.fullmatch(name)
    return known.get(name) or (known.get(port[1]) if port else None)


def _column(row: Mapping[str, str], name: str) -> Column:
    return Column(
        name=name,
        type=row["type"],
        unit=row["unit"],
        required=row.get("required") == "yes",
        default=row["default"],
        minimum=float(row["minimum"] or "-inf"),
        maximum=float(row["maximum"] or "inf"),
        choices=tuple(row["choices"].split("|")) if row["choices"] else (),
        meaning=row["meaning"],
        source=row["source"],
    )
