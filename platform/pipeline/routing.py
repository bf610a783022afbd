"""Points hostnames to deployments: the store says what is meant, the routes follow it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from threading import Lock

from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.route import Site, deployment_of
from battleshiper.platform.objects.port import ObjectMissingError, Objects
from battleshiper.platform.pipeline.hostnames import Hostname, followers, hostnames
from battleshiper.platform.pipeline.places import Labels, record_key, records_prefix
from battleshiper.platform.pipeline.publication import Publication
from battleshiper.platform.routes.port import Routes
from battleshiper.platform.store.port import Alias, Expiring, MissingError, Remains, Store

_Changes = Mapping[str, str | None]


class Routing:
    """The one writer of routes. Every write reads the store before and after, so that whoever comes last has written
    what is true, in whichever process."""

    def __init__(self, store: Store, objects: Objects, routes: Routes) -> None:
        self._store = store
        self._objects = objects
        self._routes = routes
        self._writing = Lock()

    def follow(self, project_id: str, labels: Labels) -> None:
        """Write the routes of labels as the store has them now."""
        self._write(project_id, {labels.own, *labels.moving})

    def follow_label(self, project_id: str, label: str) -> None:
        """Write the route of a label, and of those that follow it, as the store has it now, which may be that there is
        none."""
        with self._writing:
            gone: _Changes = dict.fromkeys([label, *followers(self._store, project_id, {label})])
            self._bring(self._routes.write, lambda each: label in (each.label, each.followed.label), project_id, gone)

    def move(self, label: str, deployment: Deployment) -> Alias:
        """Point an existing label to a ready deployment, older or newer."""
        alias = self._store.move_alias(label, deployment)
        self._write(deployment.project_id, {label})
        return alias

    def put_tables(self, publication: Publication) -> None:
        """Write what the edge needs to know of a deployment's paths; nothing points to it yet. Its record must be
        among the objects. Raises MissingError when the deployment is gone."""
        with self._writing:
            self._store.deployment(publication.deployment_id)
            self._routes.write(publication.site.tables)

    def remove(self, remains: Remains) -> None:
        """Remove every route of a deleted project. The records of what it published must still be there."""
        with self._writing:
            # A new project may have its name by now.
            gone = set(remains.labels) - {each.label for each in hostnames(self._store)}
            changes: dict[str, str | None] = dict.fromkeys(gone)
            for record in self._objects.list(records_prefix(remains.project_id)):
                changes.update(
                    dict.fromkeys(Publication.model_validate_json(self._objects.read(record.key)).site.tables)
                )
            self._routes.write(changes)

    def release(self, expiring: Expiring) -> None:
        """Remove the routes of a deployment that has expired, or let its labels follow the store where they are used
        again. Its record must still be there, if there is to be anything left of its tables."""
        deployment = expiring.deployment
        with self._writing:
            site = self._site(deployment.project_id, deployment.id)
            labels = set(expiring.labels)
            following = followers(self._store, deployment.project_id, labels)
            gone: _Changes = dict.fromkeys([*labels, *following, *(site.tables if site else ())])
            self._bring(self._routes.write, lambda each: each.followed.label in labels, deployment.project_id, gone)

    def repair(self) -> int:
        """Make the routes again that are not what the store says, and return how many: a process may have died
        between its two writes. Where there are none at all, they are rebuilt."""
        with self._writing:
            named = hostnames(self._store)
            behind = [each for each in named if not self._is_written(each)]
            if len(behind) == len(named):
                self._bring(self._rebuild, lambda _: True)
            else:
                labels = {each.label for each in behind}
                self._bring(self._routes.write, lambda each: each.label in labels)
            return len(behind)

    def rebuild(self) -> int:
        """Make all routes again from the store and the records of what was published, leave no others, and return
        how many hostnames there are."""
        with self._writing:
            self._bring(self._rebuild, lambda _: True)
            return len(hostnames(self._store))

    def _write(self, project_id: str, labels: Collection[str]) -> None:
        with self._writing:
            # The tables as well: routes may have been rebuilt since those of a new deployment were put.
            self._bring(self._routes.write, lambda each: each.followed.label in labels, project_id)

    def _rebuild(self, changes: _Changes) -> None:
        self._routes.rebuild({key: value for key, value in changes.items() if value is not None})

    def _bring(
        self,
        write: Callable[[_Changes], None],
        wanted: Callable[[Hostname], bool],
        project_id: str | None = None,
        gone: _Changes | None = None,
    ) -> None:
        """Write what the store says of the wanted labels until it still says so afterwards: another machine may have
        written what is newer while we wrote what we had read before, or cleared away what has expired meanwhile. What
        is `gone` is deleted where the store says nothing of it."""
        written: dict[str, str | None] | None = None
        while True:
            if project_id is not None:
                self._store.project(project_id)
            named = hostnames(self._store, project_id)
            there = {each.label for each in named} | {each.followed.deployment_id for each in named}
            # A table's key begins with its deployment's id.
            outdated = dict.fromkeys(key for key in written or () if key.partition("/")[0] not in there)
            entries = {**outdated, **(gone or {}), **self._entries(filter(wanted, named))}
            if entries == written:
                return
            write(entries)
            written = entries

    def _entries(self, named: Iterable[Hostname]) -> dict[str, str]:
        """Return what the edge needs for these hostnames; nothing for those whose project or record is gone."""
        entries: dict[str, str] = {}
        for each in named:
            alias = each.followed
            with suppress(MissingError):
                project = self._store.project(alias.project_id)
                if site := self._site(alias.project_id, alias.deployment_id):
                    entries.update(site.tables)
                    entries[each.label] = site.record(noindex=alias.label != production_label(project.name))
        return entries

    def _is_written(self, hostname: Hostname) -> bool:
        record = self._routes.get(hostname.label)
        return record is not None and deployment_of(record) == hostname.followed.deployment_id

    def _site(self, project_id: str, deployment_id: str) -> Site | None:
        try:
            raw = self._objects.read(record_key(project_id, deployment_id))
        except ObjectMissingError:
            return None
        return Publication.model_validate_json(raw).site
