"""Publishing: files to their lasting place and the function live and asked, side by side; then the hostnames."""

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from battleshiper.platform.functions.port import Functions
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.manifest import FUNCTION_PACKAGE, Manifest
from battleshiper.platform.model.result import BuildResult
from battleshiper.platform.model.route import site_key
from battleshiper.platform.objects.port import Copy, CopyRefusedError, Objects
from battleshiper.platform.pipeline.function_environment import with_environment
from battleshiper.platform.pipeline.places import Labels, SiteAddresses, build_prefix, labels_of, record_key
from battleshiper.platform.pipeline.publication import Publication
from battleshiper.platform.pipeline.routing import Routing
from battleshiper.platform.pipeline.variables import ProjectVariables
from battleshiper.platform.store.port import Store


@dataclass(frozen=True, slots=True)
class Output:
    """What is to be published, wherever it lies."""

    manifest: Manifest
    spa_fallback: str | None
    locate: Callable[[str], str]
    """Tells an object's key by its path in the manifest."""
    is_portable: bool
    reason: str = ""
    """What the deployment says when it is ready."""


class Publishing:
    """Publishes one deployment. Nothing that is live changes before the last step, and every step may be repeated."""

    def __init__(
        self,
        store: Store,
        objects: Objects,
        functions: Functions,
        variables: ProjectVariables,
        routing: Routing,
        addresses: SiteAddresses,
    ) -> None:
        self._store = store
        self._objects = objects
        self._functions = functions
        self._variables = variables
        self._routing = routing
        self._addresses = addresses

    def publish(self, deployment: Deployment, result: BuildResult) -> Deployment:
        """Publish a checked result and return the deployment: ready, or superseded by what went live meanwhile.

        Raises CopyRefusedError or ObjectMissingError when the uploaded files are not what the manifest says,
        FunctionFailedError when the function does not answer, SecretsError when its variables cannot be opened, and
        ConflictError when the deployment was ended.
        """
        assert result.manifest is not None  # noqa: S101 - the caller has checked the result
        uploaded = build_prefix(deployment.project_id, deployment.id)
        output = Output(result.manifest, result.spa_fallback, lambda path: uploaded + path, result.is_portable)
        return self._publish(deployment, output)

    def publish_again(self, deployment: Deployment, lender: Deployment) -> Deployment:
        """Publish what another deployment was built to, as this one's, and return this one as `publish` does.

        Raises what `publish` raises, and ObjectMissingError when there is nothing left of the other one.
        """
        record = self._objects.read(record_key(lender.project_id, lender.id))
        kept = Publication.model_validate_json(record)
        reason = f"Same files as {lender.id} ({lender.commit.sha[:7]}): its build is used."
        output = Output(
            kept.manifest,
            kept.spa_fallback,
            lambda path: site_key(lender.project_id, lender.id, path),
            is_portable=True,
            reason=reason,
        )
        return self._publish(deployment, output)

    def _publish(self, deployment: Deployment, output: Output) -> Deployment:
        with ThreadPoolExecutor(1, "publish-function") as beside:
            published = beside.submit(self._publish_function, deployment, output)
            self._copy_files(deployment, output)
        reference = published.result()
        publication = Publication(
            project_id=deployment.project_id,
            deployment_id=deployment.id,
            manifest=output.manifest,
            spa_fallback=output.spa_fallback,
            function=reference and self._functions.address(reference),
        )
        record = io.BytesIO(publication.model_dump_json().encode())
        self._objects.put(record_key(deployment.project_id, deployment.id), record, "application/json")
        self._routing.put_tables(publication)
        labels = self._labels(deployment)
        url = self._addresses.url(labels.primary)
        live = self._store.go_live(
            deployment,
            own=labels.own,
            moving=labels.moving,
            url=url,
            function=reference,
            reason=output.reason,
            is_portable=output.is_portable,
        )
        self.follow(live)
        return live

    def follow(self, deployment: Deployment) -> None:
        """Let the routes follow the store, once more where a process died between the two."""
        self._routing.follow(deployment.project_id, self._labels(deployment))

    def _labels(self, deployment: Deployment) -> Labels:
        return labels_of(self._store.project(deployment.project_id), deployment)

    def _copy_files(self, deployment: Deployment, output: Output) -> None:
        # The function's package as well: nobody asks for it, but another deployment may be made of it.
        self._objects.copy(
            Copy(
                output.locate(file.path),
                site_key(deployment.project_id, deployment.id, file.path),
                file.bytes,
                file.sha256,
                file.content_type,
            )
            for file in output.manifest.files
        )

    def _publish_function(self, deployment: Deployment, output: Output) -> str | None:
        function = output.manifest.function
        if function is None:
            return None
        package = self._objects.read(output.locate(FUNCTION_PACKAGE))
        if hashlib.sha256(package).hexdigest() != function.sha256:
            raise CopyRefusedError("The server function is not what the manifest says. Redeploy to build it again.")
        package = with_environment(package, self._variables.of_deployment(deployment))
        reference = self._functions.publish(deployment.project_id, deployment.id, package)
        self._functions.probe(reference)
        return reference
