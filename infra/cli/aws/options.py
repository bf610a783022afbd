"""How the commands for AWS learn their options, and how their mistakes are told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from dotenv import dotenv_values

from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.stack.options import Options, OptionsError
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.startup import environment_file


def options_from_environment() -> Options:
    """Return the options of the environment and of `.env` in this folder, where the environment wins.

    Raises CommandError with every mistake in them.
    """
    with told():
        return Options.of(environment())


def environment() -> dict[str, str]:
    """Return all that the operator has set."""
    file = {name: value for name, value in dotenv_values(environment_file()).items() if value is not None}
    return {**file, **os.environ}


@contextmanager
def told() -> Iterator[None]:
    """Tell what goes wrong as a CommandError."""
    try:
        yield
    except OptionsError as error:
        raise CommandError("\n  ".join(error.problems), "See docs/aws.md.") from error
    except OperationError as error:
        raise CommandError(error.message, error.remedy) from error
