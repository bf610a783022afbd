"""What is kept sealed on AWS, for those who may open it."""

from functools import partial

from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.secrets import read_secret
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.sealing.seal import Seal


def open_variables(foundation: Foundation) -> ProjectVariables:
    """Return the variables."""
    return ProjectVariables(foundation.store, open_seal(foundation), foundation.clock)


def open_seal(foundation: Foundation) -> Seal:
    """Return the seal. Its key is read when there is something to seal or to open."""
    return Seal(partial(read_secret, foundation.secrets, SecretName.VARIABLES_KEY))
