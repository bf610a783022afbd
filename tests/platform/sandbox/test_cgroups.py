"""Control groups, on a made-up tree: which folder is used, what is written there."""

import os
from pathlib import Path

import pytest

from battleshiper.platform.sandbox.cgroup import Cgroup, Cgroups
from battleshiper.platform.sandbox.port import ResourceLimits

LIMITS = ResourceLimits(memory_bytes=1000, processes=7, file_bytes=1, cpus=1.5)


def files(folder: Path, **contents: str) -> Path:
    """Make a folder with files; `__` in a name stands for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def membership(tmp_path: Path, text: str) -> Path:
    """Write what /proc/self/cgroup says."""
    path = tmp_path / "membership"
    path.write_text(text)
    return path


@pytest.fixture
def unified(tmp_path: Path) -> Path:
    """Return a tree of version 2 as systemd lays it out: services hand nothing on, the slice above them does."""
    mount = files(tmp_path / "v2", cgroup__controllers="cpu memory pids", cgroup__procs="")
    files(mount / "user.slice", cgroup__subtree_control="cpu memory pids", cgroup__procs="")
    files(mount / "user.slice" / "app.service", cgroup__subtree_control="", cgroup__procs="")
    return mount


def test_version_2_uses_the_nearest_folder_that_hands_controllers_on(unified: Path, tmp_path: Path) -> None:
    """A group lies beside the platform's own service, with every limit set."""
    groups = Cgroups(unified, membership(tmp_path, "0::/user.slice/app.service\n"), pid=os.getpid())
    assert groups.controllers == {"cpu", "memory", "pids"}
    groups.create(LIMITS)
    folder = unified / "user.slice" / f"battleshiper-{os.getpid()}-1"
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "cpu.max": "150000 100000",
        "memory.max": "1000",
        "pids.max": "7",
    }


def test_two_makers_in_one_process_share_no_group(unified: Path, tmp_path: Path) -> None:
    """A name that is taken is passed over, and the group that has it stays as it is."""
    first, second = (Cgroups(unified, membership(tmp_path, "0::/user.slice/app.service\n")) for _ in range(2))
    first.create(LIMITS)
    second.create(LIMITS)
    folders = sorted((unified / "user.slice").glob(f"battleshiper-{os.getpid()}-*"))
    assert [folder.name.rpartition("-")[2] for folder in folders] == ["1", "2"]


def test_version_2_without_a_folder_that_hands_on_limits_nothing(unified: Path, tmp_path: Path) -> None:
    """Then there are no controllers, and groups are empty."""
    (unified / "user.slice" / "cgroup.subtree_control").write_text("cpu\n")
    groups = Cgroups(unified, membership(tmp_path, "0::/user.slice/app.service\n"))
    assert groups.controllers == frozenset()
    group = groups.create(LIMITS)
    group.add(1)
    assert not group.out_of_memory()
    group.kill()
    group.remove()


def test_version_1_uses_each_controller_s_own_folder(tmp_path: Path) -> None:
    """Every controller has a tree of its own; where the named folder is not there, its top is used."""
    mount = tmp_path / "v1"
    files(mount / "memory" / "own", cgroup__procs="")
    files(mount / "pids", cgroup__procs="")
    groups = Cgroups(mount, membership(tmp_path, "5:memory:/own\n4:pids,x:/not/shown\n"), pid=9)
    assert groups.controllers == {"memory", "pids"}
    group = groups.create(LIMITS)
    memory, pids = mount / "memory" / "own" / "battleshiper-9-1", mount / "pids" / "battleshiper-9-1"
    assert (memory / "memory.limit_in_bytes").read_text() == "1000"
    assert (pids / "pids.max").read_text() == "7"
    group.add(123)
    assert (memory / "cgroup.procs").read_text() == (pids / "cgroup.procs").read_text() == "123"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("memory.events", "low 0\noom 3\noom_kill 2\n", True),
        ("memory.events", "low 0\noom 3\noom_kill 0\noom_group_kill 1\n", False),
        ("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n", True),
        ("memory.oom_control", "oom_kill_disable 1\nunder_oom 0\noom_kill 0\n", False),
    ],
)
def test_a_kill_for_lack_of_memory_is_read_from_either_version(
    tmp_path: Path, name: str, text: str, expected: bool
) -> None:
    """Only a process that was ended counts, not one that nearly was."""
    (tmp_path / name).write_text(text)
    assert Cgroup([tmp_path]).out_of_memory() is expected


def test_groups_of_a_platform_that_is_gone_are_removed(unified: Path, tmp_path: Path) -> None:
    """Those of one that lives, and what is not ours, stay."""
    parent = unified / "user.slice"
    for name in (f"battleshiper-{2**22 + 1}-1", f"battleshiper-{os.getpid()}-8", "battleshiper-mine", "other-1-1"):
        (parent / name).mkdir()
    Cgroups(unified, membership(tmp_path, "0::/user.slice/app.service\n"))
    left = {path.name for path in parent.iterdir() if path.is_dir()}
    assert left == {f"battleshiper-{os.getpid()}-8", "battleshiper-mine", "other-1-1", "app.service"}
