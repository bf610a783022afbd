"""Commands: what people ask for in the comments of a pull request."""

from enum import StrEnum


class Command(StrEnum):
    """What can be asked for, each written with a slash before it."""

    DEPLOY = "deploy"
    REDEPLOY = "redeploy"
    CANCEL = "cancel"
    ROLLBACK = "rollback"
    PROMOTE = "promote"
    LOGS = "logs"
    HELP = "help"
