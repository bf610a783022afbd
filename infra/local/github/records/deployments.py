"""Deployments and their statuses, as GitHub means the word."""

import json
from dataclasses import dataclass
from sqlite3 import Row

from battleshiper.infra.local.github.moment import Clock, write_moment
from battleshiper.infra.local.github.records.accounts import Account, Accounts
from battleshiper.infra.local.github.records.database import Database


@dataclass(frozen=True, slots=True)
class NewDeployment:
    """A deployment to add. `payload` is any JSON object or text."""

    sha: str
    ref: str
    task: str
    environment: str
    description: str | None
    payload: object
    transient: bool
    production: bool


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment of a commit to an environment."""

    id: int
    new: NewDeployment
    creator: Account
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class NewDeploymentStatus:
    """A status to add to a deployment."""

    state: str
    description: str
    environment: str
    environment_url: str
    log_url: str


@dataclass(frozen=True, slots=True)
class DeploymentStatus:
    """How a deployment stood at a moment."""

    id: int
    deployment_id: int
    new: NewDeploymentStatus
    creator: Account
    created_at: str


class Deployments:
    """Every deployment of every repository."""

    def __init__(self, database: Database, accounts: Accounts, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    def add(self, repository_id: int, new: NewDeployment, creator: Account) -> Deployment:
        """Add a deployment and return it."""
        at = write_moment(self._clock())
        number = self._database.write(
            "INSERT INTO deployments (repository_id, sha, ref, task, environment, description, payload, transient,"
            " production, creator, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                repository_id,
                new.sha,
                new.ref,
                new.task,
                new.environment,
                new.description,
                json.dumps(new.payload),
                new.transient,
                new.production,
                creator.login,
                at,
                at,
            ],
        )
        return Deployment(number, new, creator, at, at)

    def get(self, repository_id: int, deployment_id: int) -> Deployment | None:
        """Return one deployment of a repository."""
        query = "SELECT * FROM deployments WHERE repository_id = ? AND id = ?"
        row = self._database.row(query, [repository_id, deployment_id])
        return self._read(row) if row else None

    def of(self, repository_id: int) -> list[Deployment]:
        """Return every deployment of a repository, newest first."""
        query = "SELECT * FROM deployments WHERE repository_id = ? ORDER BY id DESC"
        return [self._read(row) for row in self._database.rows(query, [repository_id])]

    def delete(self, deployment: Deployment) -> None:
        """Remove a deployment and its statuses."""
        self._database.write("DELETE FROM deployments WHERE id = ?", [deployment.id])

    def statuses(self, deployment_id: int) -> list[DeploymentStatus]:
        """Return every status of a deployment, newest first."""
        query = "SELECT * FROM deployment_statuses WHERE deployment_id = ? ORDER BY id DESC"
        return [self._read_status(row) for row in self._database.rows(query, [deployment_id])]

    def add_status(
        self,
        repository_id: int,
        deployment: Deployment,
        new: NewDeploymentStatus,
        creator: Account,
        *,
        auto_inactive: bool,
    ) -> DeploymentStatus:
        """Add a status and return it. A success with `auto_inactive` ends the older successful deployments of the
        same environment, unless they are transient or in production.

        https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status
        """
        with self._database.transaction():
            if new.state == "success" and auto_inactive:
                for older in self._replaced(repository_id, deployment, new.environment):
                    ended = NewDeploymentStatus("inactive", "", older.new.environment, "", "")
                    self._insert_status(older.id, ended, creator)
            return self._insert_status(deployment.id, new, creator)

    def _replaced(self, repository_id: int, deployment: Deployment, environment: str) -> list[Deployment]:
        return [
            older
            for older in self.of(repository_id)
            if older.id < deployment.id
            and older.new.environment == environment
            and not older.new.transient
            and not older.new.production
            and [status.new.state for status in self.statuses(older.id)][:1] == ["success"]
        ]

    def _insert_status(self, deployment_id: int, new: NewDeploymentStatus, creator: Account) -> DeploymentStatus:
        at = write_moment(self._clock())
        number = self._database.write(
            "INSERT INTO deployment_statuses (deployment_id, state, description, environment, environment_url, log_url,"
            " creator, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                deployment_id,
                new.state,
                new.description,
                new.environment,
                new.environment_url,
                new.log_url,
                creator.login,
                at,
            ],
        )
        self._database.write("UPDATE deployments SET updated_at = ? WHERE id = ?", [at, deployment_id])
        return DeploymentStatus(number, deployment_id, new, creator, at)

    def _read(self, row: Row) -> Deployment:
        new = NewDeployment(
            row["sha"],
            row["ref"],
            row["task"],
            row["environment"],
            row["description"],
            json.loads(row["payload"]),
            bool(row["transient"]),
            bool(row["production"]),
        )
        return Deployment(row["id"], new, self._accounts.author(row["creator"]), row["created_at"], row["updated_at"])

    def _read_status(self, row: Row) -> DeploymentStatus:
        new = NewDeploymentStatus(
            row["state"], row["description"], row["environment"], row["environment_url"], row["log_url"]
        )
        return DeploymentStatus(
            row["id"], row["deployment_id"], new, self._accounts.author(row["creator"]), row["created_at"]
        )
