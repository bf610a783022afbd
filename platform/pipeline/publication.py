"""A publication: what a deployment serves, kept so that its routes can be made again at any time."""

from pydantic import BaseModel, ConfigDict

from battleshiper.platform.model.manifest import Manifest
from battleshiper.platform.model.route import Site, compile_site


class Publication(BaseModel):
    """A published deployment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project_id: str
    deployment_id: str
    manifest: Manifest
    spa_fallback: str | None
    function: str | None

    @property
    def site(self) -> Site:
        """How the edge serves it."""
        return compile_site(
            self.manifest,
            project_id=self.project_id,
            deployment_id=self.deployment_id,
            function=self.function,
            spa_fallback=self.spa_fallback,
        )
