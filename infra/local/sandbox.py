"""Which sandbox this machine has."""

from battleshiper.platform.sandbox.bubblewrap import Bubblewrap
from battleshiper.platform.sandbox.port import SandboxError
from battleshiper.platform.sandbox.unsafe import Unsafe


def choose_sandbox(*, unsafe: bool) -> Bubblewrap | Unsafe:
    """Return the sandbox that builds and functions run in; raises SandboxError when there is none and unsafe builds
    are not wanted."""
    if unsafe:
        return Unsafe()
    sandbox = Bubblewrap()
    faults = sandbox.check()
    if faults:
        raise SandboxError(" ".join(faults))
    return sandbox
