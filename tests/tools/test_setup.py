"""Setting up is done once, and lock files name no place to fetch from."""

import pytest

from tools import check, lock, setup


@pytest.fixture
def environment(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "VENV", tmp_path)
    return tmp_path


def test_a_stamp_holds_until_what_it_was_made_from_changes(environment):
    source = environment / "server.txt"
    source.write_text("django==5.2.1\n")
    stamp = setup.Stamp("packages", source)
    assert not stamp.holds()
    stamp.set()
    assert setup.Stamp("packages", source).holds()
    source.write_text("django==5.2.2\n")
    assert not setup.Stamp("packages", source).holds()


def test_an_environment_that_was_moved_is_seen(environment):
    script = environment / "bin" / "pip"
    script.parent.mkdir()
    script.write_text(f"#!{environment}/bin/python\n")
    assert not setup._moved()
    script.write_text("#!/elsewhere/bin/python\n")
    assert setup._moved()


@pytest.mark.parametrize(
    "line",
    [
        "--index-url somewhere",
        "--find-links wheels",
        '  "resolved": "x",',
        "numpy @ https" + "://example.org/numpy.whl",
    ],
)
def test_an_address_in_a_lock_file_is_seen(line):
    assert check.ADDRESS.search(line)


def test_our_lock_files_hold_none():
    assert check.lock_files()


def test_every_requirement_has_its_lock():
    inputs = {path.stem for path in lock.FOLDER.glob("*.in")}
    assert inputs == lock.LOCKS.keys()
    assert all((lock.FOLDER / f"{name}.txt").exists() for name in inputs)
