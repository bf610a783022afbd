"""What the web asks of the platform, put together once for one machine and once for AWS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from battleshiper.platform.bus.port import DeadLetters
from battleshiper.platform.logs.port import Logs
from battleshiper.platform.objects.port import Objects
from battleshiper.platform.pipeline.aliasing import Aliasing
from battleshiper.platform.pipeline.hooks import BuildHooks
from battleshiper.platform.pipeline.imports import Imports
from battleshiper.platform.pipeline.operations import Operations
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.pipeline.settings import SettingsDesk
from battleshiper.platform.pipeline.survey import Survey
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.store.port import Store


@dataclass(frozen=True, slots=True)
class Services:
    """What is looked at, and what people may do."""

    store: Store
    logs: Logs
    objects: Objects
    operations: Operations
    imports: Imports
    variables: ProjectVariables
    aliasing: Aliasing
    hooks: BuildHooks
    settings: SettingsDesk
    survey: Survey
    dead_letters: DeadLetters
    addresses: SiteAddresses
    clock: Callable[[], datetime]
