"""The filter of system calls, run by a small machine of our own as the kernel would run it."""

import struct

import pytest

from battleshiper.platform.sandbox.seccomp import filter_for

ALLOW, KILL = 0x7FFF0000, 0x80000000
EPERM, ENOSYS, EAFNOSUPPORT = 0x00050001, 0x00050026, 0x00050061
X86, ARM = 0xC000003E, 0xC00000B7
NEWUSER = 0x10000000


def run(code: bytes, architecture: int, number: int, argument: int = 0) -> int:
    """Return the filter's answer to a call."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, argument, 0, 0, 0, 0, 0)
    steps = list(struct.iter_unpack("<HBBI", code))
    at, value = 0, 0
    while True:
        operation, skip, otherwise, operand = steps[at]
        at += 1
        if operation == 0x06:
            return operand
        if operation == 0x20:
            (value,) = struct.unpack_from("<I", data, operand)
        else:
            holds = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[operation]
            at += skip if holds else otherwise


@pytest.mark.parametrize(
    ("machine", "architecture", "clone", "unshare", "socket", "keyctl"),
    [("x86_64", X86, 56, 272, 41, 250), ("aarch64", ARM, 220, 97, 198, 219)],
)
def test_dangerous_calls_are_refused_and_others_pass(
    machine: str, architecture: int, clone: int, unshare: int, socket: int, keyctl: int
) -> None:
    """Per machine: user namespaces by every way, key rings, odd sockets; processes, threads and the internet pass."""
    code = filter_for(machine)
    assert code is not None
    answer = {
        "thread": run(code, architecture, clone, 0x3D0F00),
        "process": run(code, architecture, clone, 17),
        "clone with a user namespace": run(code, architecture, clone, NEWUSER | 17),
        "clone3": run(code, architecture, 435),
        "unshare a user namespace": run(code, architecture, unshare, NEWUSER),
        "unshare files": run(code, architecture, unshare, 0x400),
        "keyctl": run(code, architecture, keyctl),
        "io_uring": run(code, architecture, 425),
        "read": run(code, architecture, 63 if architecture == ARM else 0),
        "x32": run(code, architecture, 0x40000000),
        "another machine's call": run(code, architecture ^ 0xFF, 1),
    }
    assert answer == {
        "thread": ALLOW,
        "process": ALLOW,
        "clone with a user namespace": EPERM,
        "clone3": ENOSYS,
        "unshare a user namespace": EPERM,
        "unshare files": ALLOW,
        "keyctl": EPERM,
        "io_uring": EPERM,
        "read": ALLOW,
        "x32": ENOSYS,
        "another machine's call": KILL,
    }
    families = {family: run(code, architecture, socket, family) for family in range(46)}
    assert {family for family, said in families.items() if said == ALLOW} == {1, 2, 10, 16}
    assert {said for said in families.values() if said != ALLOW} == {EAFNOSUPPORT}


def test_an_unknown_machine_has_no_filter() -> None:
    """A wrong filter would kill every program."""
    assert filter_for("riscv64") is None
