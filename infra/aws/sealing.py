"""The projects' environment variables on AWS, for those who may open them."""

from functools import partial

from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.secrets import read_secret
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.sealing.seal import Seal


def open_variables(foundation: Foundation) -> ProjectVariables:
    """Return the variables. The key is read when there is something to seal or to open."""
    seal = Seal(partial(read_secret, foundation.secrets, SecretName.VARIABLES_KEY))
    return ProjectVariables(foundation.store, seal, foundation.clock)
