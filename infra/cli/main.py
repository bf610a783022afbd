"""The `battleshiper` command."""

import sys

import typer

from battleshiper.infra.cli import admin, alias, dead_letters, env, github, hooks, keys, projects
from battleshiper.infra.cli.actions import cancel, promote, redeploy, rollback
from battleshiper.infra.cli.aws.group import group as aws
from battleshiper.infra.cli.demo import demo
from battleshiper.infra.cli.doctor import doctor
from battleshiper.infra.cli.failure import CommandError
from battleshiper.infra.cli.listings import deliveries, deployments
from battleshiper.infra.cli.login import login, logout
from battleshiper.infra.cli.logs import logs
from battleshiper.infra.cli.opening import open_project
from battleshiper.infra.cli.output import print_error
from battleshiper.infra.cli.settings import settings
from battleshiper.infra.cli.up import up

_COMMANDS = (
    up,
    demo,
    login,
    logout,
    deployments,
    deliveries,
    logs,
    rollback,
    promote,
    redeploy,
    cancel,
    settings,
    doctor,
)
_GROUPS = {
    "projects": projects.group,
    "env": env.group,
    "alias": alias.group,
    "hooks": hooks.group,
    "dead-letters": dead_letters.group,
    "keys": keys.group,
    "admin": admin.group,
    "github": github.group,
    "aws": aws,
}


def build_command() -> typer.Typer:
    """Return the command line with all its commands."""
    command = typer.Typer(
        name="battleshiper",
        help="Push to GitHub, get a deployment: a platform you run yourself.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    for function in _COMMANDS:
        command.command()(function)
    command.command("open")(open_project)
    for name, group in _GROUPS.items():
        command.add_typer(group, name=name)
    return command


def main() -> None:
    """Run the command; a user's mistake ends in one line, what to do, and exit code 1 (2 for a wrong usage), unless the
    command has another code for it."""
    try:
        build_command()()
    except CommandError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
