"""A PyPSA netCDF file as a PyPSA CSV folder, and back; PyPSA itself reads and writes it.

PyPSA is an optional extra (``pip install keepwarm[pypsa]``) and is imported late.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from keepwarm.errors import Fault, InputError

if TYPE_CHECKING:
    import pypsa

#: How HDF5 (which netCDF 4 is) and the three older forms of netCDF begin.
_BEGINS = (b"\x89HDF\r\n\x1a\n", b"CDF\x01", b"CDF\x02", b"CDF\x05")
#: What PyPSA, xarray and netCDF4 raise on a file of other content.
_UNREADABLE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
)


def netcdf_to_folder(path: Path, folder: Path) -> None:
    """Write the network of a netCDF file as a PyPSA CSV folder.

    Parameters
    ----------
    path : Path
        A file that PyPSA exported.
    folder : Path
        An empty folder.

    Raises
    ------
    InputError
        When the file is no netCDF or holds no network, or PyPSA is not installed.
    """
    with path.open("rb") as file:
        begin = file.read(8)
    if not begin.startswith(_BEGINS):
        found = "the file is empty" if not begin else "this is no netCDF file"
        raise _refusal(path, found, "a network that PyPSA exported with export_to_netcdf")
    need_pypsa(path)
    with quiet():
        import pypsa

        try:
            network = pypsa.Network(path)
            lacks = _lacks(network)
            if not lacks:
                network.export_to_csv_folder(folder)
        except _UNREADABLE as error:
            reason = next(iter(str(error).splitlines()), "")
            found = f"PyPSA cannot read it ({type(error).__name__}: {reason})"
            raise _refusal(path, found, "a network that PyPSA exported") from error
    if lacks:
        raise _refusal(path, lacks, "a network that PyPSA exported")


def _lacks(network: pypsa.Network) -> str:
    """Return what keeps a network from becoming a CSV folder, or nothing."""
    if network.has_scenarios:  # PyPSA writes them as netCDF only
        return "stochastic scenarios are not supported"
    return "" if len(network.buses) else "PyPSA finds no buses in it"


def folder_to_netcdf(folder: Path, path: Path) -> None:
    """Write a PyPSA CSV folder as netCDF.

    Parameters
    ----------
    folder : Path
        A folder that `keepwarm.case.write_network.write_tables` wrote.
    path : Path
        The file.
    """
    with quiet():
        import pypsa

        pypsa.Network(folder).export_to_netcdf(path)


def need_pypsa(path: Path) -> None:
    """Refuse a netCDF file where PyPSA is not installed."""
    if find_spec("pypsa") is None:
        found = "netCDF is read and written by PyPSA, which is not installed"
        raise _refusal(path, found, "pip install 'keepwarm[pypsa]'")


@contextmanager
def quiet() -> Iterator[None]:
    """Silence PyPSA and linopy: their notes are not about what the user asked."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _refusal(path: Path, found: str, expected: str) -> InputError:
    return InputError([Fault(path.name, None, None, found, expected)])
