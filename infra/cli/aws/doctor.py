"""The `aws doctor` command."""

from battleshiper.infra.cli.aws.options import options_from_environment
from battleshiper.infra.cli.doctor import print_findings
from battleshiper.infra.cli.listings import AsJson


def doctor(*, json: AsJson = False) -> None:
    """Look at what your account has, and say what is missing. Exit code 1 when the platform cannot work there."""
    from battleshiper.infra.aws.operation.account import clients_in
    from battleshiper.infra.aws.operation.examination import examine

    print_findings(list(examine(options_from_environment(), clients_in)), json=json)
