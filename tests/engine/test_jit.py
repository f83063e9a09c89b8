"""Where compiled loops are kept: only in a place of our own, because what lies there is run."""

from pathlib import Path

import pytest

from yangguang.engine import jit


def test_they_are_stored_where_the_environment_names_or_under_var(tmp_path: Path) -> None:
    given = {"NUMBA_CACHE_DIR": str(tmp_path / "given"), "YANGGUANG_VAR": str(tmp_path / "var")}
    folder = jit.cache_folder(given)

    assert folder is not None
    assert folder.is_dir()
    assert (folder.parent, folder.stat().st_mode & 0o777) == (tmp_path / "given", 0o700)
    del given["NUMBA_CACHE_DIR"]
    folder = jit.cache_folder(given)

    assert folder is not None
    assert folder.parent == tmp_path / "var" / "compiled"


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_others_may_write_to_is_not_used(mode: int, tmp_path: Path) -> None:
    env = {"NUMBA_CACHE_DIR": str(tmp_path)}
    folder = jit.cache_folder(env)

    assert folder is not None
    folder.chmod(mode)

    assert jit.cache_folder(env) is None
    folder.chmod(0o700)

    assert jit.cache_folder(env) == folder


def test_no_place_at_all_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert jit.cache_folder({"NUMBA_CACHE_DIR": str(tmp_path / "file")}) is None


def test_another_source_is_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain.py").write_text("one")
    monkeypatch.setattr(jit, "ENGINE", tmp_path)
    env = {"NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    before = jit.cache_folder(env)
    (tmp_path / "plain.py").write_text("two")

    assert before is not None
    assert jit.cache_folder(env) not in (None, before)
