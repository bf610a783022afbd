"""The archive: all records of the stand-in, in one place."""

from dataclasses import dataclass
from pathlib import Path

from battleshiper.infra.local.github.moment import Clock
from battleshiper.infra.local.github.records.apps import Apps
from battleshiper.infra.local.github.records.comments import Comments
from battleshiper.infra.local.github.records.database import Database
from battleshiper.infra.local.github.records.deliveries import Deliveries
from battleshiper.infra.local.github.records.deployments import Deployments
from battleshiper.infra.local.github.records.pulls import Pulls
from battleshiper.infra.local.github.records.registration import Registration
from battleshiper.infra.local.github.records.repositories import Repositories
from battleshiper.infra.local.github.records.statuses import Statuses
from battleshiper.infra.local.github.records.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything that is remembered. `folder` has the bare git repositories."""

    folder: Path
    database: Database
    registration: Registration
    apps: Apps
    repositories: Repositories
    tokens: Tokens
    statuses: Statuses
    deployments: Deployments
    pulls: Pulls
    comments: Comments
    deliveries: Deliveries


def open_archive(data_dir: Path, clock: Clock) -> Archive:
    """Return the archive in `data_dir`, empty where there was none."""
    folder = data_dir / "repositories"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(data_dir / "github.db")
    return Archive(
        folder,
        database,
        Registration(database, clock),
        Apps(database, clock),
        Repositories(database, folder, clock),
        Tokens(database, clock),
        Statuses(database, clock),
        Deployments(database, clock),
        Pulls(database, clock),
        Comments(database, clock),
        Deliveries(database, clock),
    )
