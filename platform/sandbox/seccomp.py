"""System calls that a sandboxed program may not make, as a filter for the kernel (seccomp(2), classic BPF).

They lead to the parts of the kernel where ways out of a sandbox keep being found, and no build or site needs them:
user namespaces, other namespaces, key rings (which no namespace parts), io_uring, BPF, tracing of the kernel, and
every kind of socket but the usual ones (virtual machine sockets, too, are parted by no namespace).
"""

import errno
import struct
from collections.abc import Sequence
from dataclasses import dataclass

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Offsets in struct seccomp_data; both machines below are little-endian, so the low half of an argument is first."""
_CLONE_NEWUSER = 0x10000000
INTERNET_FAMILIES = (1, 2, 10, 16)
"""AF_UNIX, AF_INET, AF_INET6, AF_NETLINK."""
LOCAL_FAMILIES = (1,)
_FOREIGN_NUMBERS = 0x40000000
"""x32 calls on x86_64 start here; on aarch64 there are none."""


@dataclass(frozen=True, slots=True)
class _Machine:
    architecture: int
    clone: int
    unshare: int
    socket: int
    forbidden: tuple[int, ...]
    """setns, add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd, and io_uring's three."""


_CLONE3 = 435
_MACHINES = {
    "x86_64": _Machine(0xC000003E, 56, 272, 41, (308, 248, 249, 250, 321, 298, 323, 425, 426, 427)),
    "aarch64": _Machine(0xC00000B7, 220, 97, 198, (268, 217, 218, 219, 280, 241, 282, 425, 426, 427)),
}


def filter_for(machine: str, families: Sequence[int] = INTERNET_FAMILIES) -> bytes | None:
    """Return the filter for a kind of machine as `uname -m` names it, None where we know none. Only sockets of
    `families` can be made."""
    known = _MACHINES.get(machine)
    if known is None:
        return None
    refuse = _ERROR | errno.EPERM
    code = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, known.architecture, skip=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _FOREIGN_NUMBERS, otherwise=1),
        _step(_RETURN, _ERROR | errno.ENOSYS),
        # The C library asks with `clone` again, whose flags a filter can read.
        _step(_EQUAL, _CLONE3, otherwise=1),
        _step(_RETURN, _ERROR | errno.ENOSYS),
    ]
    for number in known.forbidden:
        code += [_step(_EQUAL, number, otherwise=1), _step(_RETURN, refuse)]
    for number in (known.clone, known.unshare):
        code += [
            _step(_EQUAL, number, otherwise=4),
            _step(_LOAD, _FIRST_ARGUMENT),
            _step(_ANY_BIT, _CLONE_NEWUSER, otherwise=1),
            _step(_RETURN, refuse),
            _step(_RETURN, _ALLOW),
        ]
    # Both ways out of the comparisons are the last instruction.
    code += [_step(_EQUAL, known.socket, otherwise=len(families) + 2), _step(_LOAD, _FIRST_ARGUMENT)]
    code += [_step(_EQUAL, family, skip=len(families) - place) for place, family in enumerate(families)]
    code += [_step(_RETURN, _ERROR | errno.EAFNOSUPPORT), _step(_RETURN, _ALLOW)]
    return b"".join(code)


def _step(operation: int, value: int, *, skip: int = 0, otherwise: int = 0) -> bytes:
    """Return one instruction; a comparison passes over `skip` instructions when it holds, `otherwise` when not."""
    return struct.pack("<HBBI", operation, skip, otherwise, value)
