"""Where a ledger cannot be kept, it is refused: where, what was found, what would be right."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from pathlib import Path

import pytest

from keepwarm.case.claims import Claim, Read
from keepwarm.errors import InputError
from keepwarm.reports import ledger_file
from keepwarm.reports.ledger import open_ledger
from keepwarm.reports.ledger_file import Mount, locks_hold, mount_of

READ = Read("one", "en", "four killed", (Claim("killed", 4.0, "exact", "four killed", 0),), (), {})


def refused(path: Path, *, create: bool = False) -> str:
    with pytest.raises(InputError) as caught:
        open_ledger(path, create=create)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value).removeprefix(f"{path}: ")


@pytest.fixture
def night(tmp_path):
    """A ledger with one document."""
    path = tmp_path / "night.ledger"
    with open_ledger(path, create=True) as ledger:
        ledger.add(READ)
    return path


@pytest.fixture
def nobody():
    """A folder that is not ours to write, with the rights of a user who is not root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        if os.geteuid() != os.getuid():
            os.seteuid(os.getuid())
        folder.chmod(0o755)


def become_nobody(folder: Path) -> None:
    if os.getuid() == 0:
        os.seteuid(65534)
    else:
        folder.chmod(0o555)


def test_a_new_ledger_comes_with_its_folder(tmp_path):
    path = tmp_path / "new" / "a b#?%41.ledger"
    with open_ledger(path, create=True) as ledger:
        ledger.add(READ)
    with open_ledger(str(path)) as ledger:
        assert len(ledger.claims()) == 1
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_no_file(tmp_path):
    said = refused(tmp_path / "none.ledger")
    assert said == "no such file; expected a ledger that keepwarm wrote"
    assert list(tmp_path.iterdir()) == []


def test_a_folder(tmp_path):
    assert refused(tmp_path, create=True).startswith("is a folder")


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("x")
    assert "its folder cannot be made" in refused(tmp_path / "file" / "l", create=True)


@pytest.mark.parametrize("create", [True, False])
def test_a_file_that_is_no_ledger(tmp_path, create):
    path = tmp_path / "letter"
    path.write_text("Dear Sir, " * 1000, encoding="utf-8")
    assert refused(path, create=create).startswith("is no ledger; expected a ledger")
    assert path.read_text(encoding="utf-8").startswith("Dear Sir")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("create", [True, False])
def test_a_database_of_something_else(tmp_path, create):
    path = tmp_path / "addresses.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE addresses (name)")
    db.commit()
    db.close()
    content = path.read_bytes()
    assert refused(path, create=create).startswith("is a database, but no ledger")
    assert path.read_bytes() == content


def test_an_empty_file(tmp_path):
    path = tmp_path / "empty"
    path.touch()
    assert refused(path).startswith("is empty")
    with open_ledger(path, create=True) as ledger:
        assert ledger.documents() == ()


def test_a_ledger_of_a_newer_keepwarm(night):
    db = sqlite3.connect(night)
    db.execute("PRAGMA user_version = 2")
    db.close()
    said = refused(night)
    assert said == "is a ledger of schema 2; expected schema 1, or a newer keepwarm to open it"


def test_a_ledger_whose_guards_were_taken_off(night):
    db = sqlite3.connect(night)
    db.execute("DROP TRIGGER claims_stay")
    db.close()
    assert refused(night).startswith("its trigger 'claims_stay' was altered")


def test_a_ledger_with_a_trigger_of_somebody_else(night):
    db = sqlite3.connect(night)
    db.execute("CREATE TRIGGER mine AFTER INSERT ON ticks BEGIN SELECT 1; END")
    db.close()
    assert refused(night).startswith("its trigger 'mine' was altered")


def test_a_damaged_ledger(night):
    with open_ledger(night) as ledger:
        for number in range(50):
            ledger.add(Read(f"n{number}", "en", f"{number} " * 500, READ.claims, (), {}))
    content = bytearray(night.read_bytes())
    content[8192:-4096] = b"\xff" * (len(content) - 12288)
    night.write_bytes(content)

    def look():
        with open_ledger(night) as ledger:
            ledger.claims()

    with pytest.raises(InputError, match="is damaged; expected a whole copy of the ledger"):
        look()


def test_a_ledger_in_a_folder_that_cannot_be_written_is_read_but_not_written(nobody):
    path = nobody / "night.ledger"
    with open_ledger(path, create=True) as ledger:
        ledger.add(READ)
    become_nobody(nobody)
    with open_ledger(path) as ledger:
        assert [one.name for one in ledger.claims()] == ["one#1"]
        with pytest.raises(InputError, match="cannot be written; expected a file and a folder"):
            ledger.tick("one#1", decision="accepted", who="W")
    assert refused(nobody / "new.ledger", create=True).startswith("its folder cannot be written")
    assert "its folder cannot be made" in refused(nobody / "deep" / "new.ledger", create=True)


def test_a_ledger_that_another_is_writing_is_read_in_a_folder_that_cannot_be_written(nobody):
    path = nobody / "night.ledger"
    with open_ledger(path, create=True) as writer:
        writer.add(READ)
        become_nobody(nobody)
        with open_ledger(path) as ledger:
            assert [one.name for one in ledger.claims()] == ["one#1"]
        os.seteuid(os.getuid())


def test_a_full_disk_leaves_the_ledger_as_it_was(night):
    with open_ledger(night) as ledger:
        pages = ledger._db.execute("PRAGMA page_count").fetchone()[0]
        # What SQLite answers where the disk is full, at a size set by hand.
        ledger._db.execute(f"PRAGMA max_page_count = {pages + 5}")
        with pytest.raises(InputError) as caught:
            ledger.add(Read("long", "en", "long " * 20000, READ.claims, (), {}))
        assert str(caught.value) == (
            f"{night}: no room is left; nothing of this step was written; "
            "expected more room on the disk"
        )
        assert len(ledger.documents()) == 1
    with open_ledger(night) as ledger:
        assert [one.name for one in ledger.documents()] == ["one"]


def test_a_writer_that_never_ends_is_told_of(night, monkeypatch):
    monkeypatch.setattr(ledger_file, "WAIT_SECONDS", 0.05)
    other = sqlite3.connect(night, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_ledger(night) as ledger:
        assert len(ledger.claims()) == 1  # reading goes on meanwhile
        with pytest.raises(InputError, match="locked by another process"):
            ledger.tick("one#1", decision="accepted", who="W")
    other.close()


@pytest.mark.parametrize(
    ("mount", "locks", "said"),
    [
        (Mount("nfs", frozenset()), False, "lies where files cannot be locked (nfs)"),
        (Mount("cifs", frozenset()), False, "lies where files cannot be locked (cifs)"),
        (Mount("9p", frozenset()), False, "lies where files cannot be locked (9p)"),
        (Mount("nfs4", frozenset({"nolock"})), True, "on a network share (nfs4) whose locks"),
        (Mount("nfs", frozenset({"local_lock=all"})), True, "on a network share (nfs) whose"),
        (Mount("smb3", frozenset({"nobrl"})), True, "on a network share (smb3) whose locks"),
        (Mount("fuse.sshfs", frozenset()), True, "on a network share (fuse.sshfs) whose locks"),
        (Mount("ext4", frozenset()), False, "lies where files cannot be locked (ext4)"),
    ],
)
def test_a_place_without_locks_is_refused(tmp_path, monkeypatch, mount, locks, said):
    monkeypatch.setattr(ledger_file, "mount_of", lambda path: mount)
    monkeypatch.setattr(ledger_file, "locks_hold", lambda folder: locks)
    found = refused(tmp_path / "l", create=True)
    assert said in found
    assert found.endswith("expected a ledger on a local disk, or on a share with working locks")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p"])
def test_a_share_that_locks_is_taken_without_shared_memory(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(ledger_file, "mount_of", lambda path: Mount(kind, frozenset()))
    with open_ledger(tmp_path / "l", create=True) as ledger:
        ledger.add(READ)
        assert ledger._db.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_local_disk_writes_ahead(night):
    with open_ledger(night) as ledger:
        assert ledger._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_lock_is_really_tried(tmp_path, monkeypatch):
    assert locks_hold(tmp_path)
    assert not locks_hold(tmp_path / "none")
    # A file system that grants every lock to everybody.
    monkeypatch.setattr("fcntl.fcntl", lambda *asked: b"")
    assert not locks_hold(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_mount_is_the_nearest_above(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda / ext4 rw,relatime 0 0\n"
        "//host/x /srv/data/my\\040share cifs rw,nobrl 0 0\n"
        "host:/data /srv/data nfs4 rw,local_lock=none 0 0\n"
        "me@host: /srv/far fuse.sshfs rw 0 0\n"
    )
    assert mount_of(Path("/local/l"), mounts).type == "ext4"
    assert mount_of(Path("/srv/database/l"), mounts).type == "ext4"
    assert mount_of(Path("/srv/data/deep/l"), mounts).type == "nfs4"
    assert mount_of(Path("/srv/data/my share/l"), mounts) == Mount("cifs", {"rw", "nobrl"})
    assert mount_of(Path("/srv/far/l"), mounts).type == "fuse.sshfs"
    assert mount_of(Path("/srv/far/l"), tmp_path / "none").type == "unknown"
