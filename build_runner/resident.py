"""How much memory a program and all it started use now, for machines where no control group counts it."""

import os
from contextlib import suppress
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(ancestor: int) -> int:
    """Return the memory that `ancestor` and its descendants have to themselves: pages of files, which the kernel can
    take back, do not count. Processes that end meanwhile are left out (proc(5), `stat` and `statm`)."""
    parents: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                # The name in parentheses may hold anything, so count from the last one: state, then parent.
                status = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                parents[int(entry.name)] = int(status[1])
    total = 0
    generation = {ancestor}
    while generation:
        total += sum(map(_own_bytes, generation))
        generation = {child for child, parent in parents.items() if parent in generation}
    return total


def _own_bytes(process: int) -> int:
    with suppress(OSError, IndexError):
        _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_bytes().split()
        return (int(resident) - int(shared)) * _PAGE
    return 0
