"""Does once a minute what has to be done now and then; see `infra/aws/sweeping.py`."""

import os

from battleshiper.infra.aws.clients import Clients
from battleshiper.infra.aws.foundation import Foundation
from battleshiper.infra.aws.sweeping import Sweep

handler = Sweep(Foundation(os.environ, Clients()))
