"""One process at a time on a data directory."""

import os
import signal
import subprocess
import sys

import pytest

from battleshiper.platform.database.error import DataDirectoryInUseError
from battleshiper.platform.database.lock import lock_data_directory

HOLD = """
import sys, time
from pathlib import Path
from battleshiper.platform.database.lock import lock_data_directory
with lock_data_directory(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that is in the directory."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "locked\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_process_is_refused(tmp_path, holder):
    """It is told who is there and what to do."""
    with pytest.raises(DataDirectoryInUseError) as refused, lock_data_directory(tmp_path):
        pass
    assert refused.value.process_id == holder.pid
    assert f"kill {holder.pid}" in str(refused.value)
    assert "BATTLESHIPER_DATA_DIR" in str(refused.value)


def test_a_dead_process_is_not_in_the_way(tmp_path, holder):
    """Even one that had no time to tidy up."""
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with lock_data_directory(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_ends_with_its_context(tmp_path):
    """The directory is made where there is none, and is free again afterwards."""
    for _ in range(2):
        with lock_data_directory(tmp_path / "new" / "data"):
            pass


def test_a_holder_that_has_not_said_who_it_is(tmp_path):
    """A lock file with nothing, or anything, in it is no reason to fall over."""
    with lock_data_directory(tmp_path):
        for text in ("", "soon", "²"):
            (tmp_path / "lock").write_text(text)
            with pytest.raises(DataDirectoryInUseError, match="Stop it first"), lock_data_directory(tmp_path):
                pass
