"""Removing projects, for the step that does it and the sweeper that does it again."""

from battleshiper.infra.aws.builds import Builds
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.gates import open_gate
from battleshiper.infra.aws.logs import open_logs
from battleshiper.infra.aws.sites import REMOVING, Sites, open_functions
from battleshiper.platform.pipeline.removal import Removal


def open_removal(foundation: Foundation, builds: Builds, sites: Sites) -> Removal:
    """Return what removes projects."""
    return Removal(
        foundation.store,
        open_gate(foundation),
        builds.builder,
        sites.routing,
        open_functions(foundation, REMOVING),
        sites.objects,
        open_logs(foundation, builds.streams),
        foundation.clock,
    )
