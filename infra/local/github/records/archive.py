"""The archive: all records of the stand-in, in one place."""

from dataclasses import dataclass
from pathlib import Path

from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.records.accounts import Accounts
from battleshiper.infra.local.github.records.apps import Apps
from battleshiper.infra.local.github.records.codes import Codes
from battleshiper.infra.local.github.records.comments import Comments
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.deliveries import Deliveries
from battleshiper.infra.local.github.records.deployments import Deployments
from battleshiper.infra.local.github.records.devices import Devices
from battleshiper.infra.local.github.records.pulls import Pulls
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import Repositories
from battleshiper.infra.local.github.records.statuses import Statuses
from battleshiper.infra.local.github.records.tokens import Tokens
from battleshiper.infra.local.github.records.user_tokens import UserTokens
from battleshiper.infra.local.github.settings import GitHubSettings


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything that is remembered. `folder` has the bare git repositories."""

    folder: Path
    database: Database
    registration: Registration
    accounts: Accounts
    apps: Apps
    repositories: Repositories
    tokens: Tokens
    statuses: Statuses
    deployments: Deployments
    pulls: Pulls
    comments: Comments
    deliveries: Deliveries
    codes: Codes
    devices: Devices
    user_tokens: UserTokens


def open_archive(settings: GitHubSettings, clock: Clock) -> Archive:
    """Return the archive in the settings' data directory, empty where there was none."""
    folder = settings.data_dir / "repositories"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.data_dir / "github.db")
    accounts = Accounts(settings, database, clock)
    repositories = Repositories(database, accounts, folder, clock)
    return Archive(
        folder,
        database,
        Registration(database, clock),
        accounts,
        Apps(database, clock),
        repositories,
        Tokens(database, clock),
        Statuses(database, accounts, clock),
        Deployments(database, accounts, clock),
        Pulls(database, accounts, repositories, clock),
        Comments(database, accounts, clock),
        Deliveries(database, clock),
        Codes(database, accounts, clock),
        Devices(database, accounts, clock),
        UserTokens(database, accounts, clock),
    )
