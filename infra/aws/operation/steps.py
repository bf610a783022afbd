"""What `battleshiper aws deploy` does besides the stacks. A new step goes into one of the two lists here."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from battleshiper.infra.aws.operation.setup.bootstrap import Bootstrap
from battleshiper.infra.aws.stack.options import Options

if TYPE_CHECKING:
    from battleshiper.infra.aws.clients import Clients

Tell = Callable[[str], None]
"""Shows one line of progress."""


class Preparation(Protocol):
    """A step before the templates are made, such as getting what they name."""

    @property
    def title(self) -> str: ...

    @property
    def settles(self) -> frozenset[str]:
        """Names of the doctor's findings that do not stop a deployment, because this step mends them."""
        ...

    def do(self, options: Options, tell: Tell) -> Options:
        """Do it, and return the options that the templates are made with. Safe to repeat; raises OperationError."""
        ...


class Conclusion(Protocol):
    """A step after the stacks are there."""

    @property
    def title(self) -> str: ...

    def do(self, outputs: Mapping[str, str], tell: Tell) -> None:
        """Do it, knowing the platform stack's outputs. Safe to repeat; raises OperationError."""
        ...


def before_the_stacks(clients_in: "Callable[[str], Clients]") -> tuple[Preparation, ...]:
    """Return the steps before, in order."""
    return (Bootstrap(clients_in),)


def after_the_stacks(
    options: Options,  # noqa: ARG001 - for the steps to come
    clients_in: "Callable[[str], Clients]",  # noqa: ARG001 - the same
) -> tuple[Conclusion, ...]:
    """Return the steps after, in order."""
    return ()
