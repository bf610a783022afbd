"""`python -m battleshiper.infra.cli`: the command without an entry point on the path."""

from battleshiper.infra.cli.main import main

main()
