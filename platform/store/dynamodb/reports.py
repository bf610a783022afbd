"""Reports in DynamoDB: attributes of their deployment."""

from battleshiper.platform.store.dynamodb.part import DynamoPart
from battleshiper.platform.store.dynamodb.table import deployment_key
from battleshiper.platform.store.dynamodb.transaction import IS_THERE
from battleshiper.platform.store.dynamodb.values import Value, setting
from battleshiper.platform.store.port import Report

_NOT_NEWER = f"{IS_THERE} AND (attribute_not_exists(#reported_version) OR #reported_version <= :reported_version)"
_KEEP_FIRST = "SET #github_deployment_id = if_not_exists(#github_deployment_id, :github_deployment_id)"


class DynamoReports(DynamoPart):
    """See `Reports` in `store.port`."""

    def report(self, deployment_id: str) -> Report:
        """Return what was reported, a fresh Report when nothing was."""
        row = self._rows.find(deployment_key(deployment_id)) or {}
        return Report(deployment_id, row.get("reported_version", 0), row.get("github_deployment_id"))

    def save_report(self, report: Report) -> None:
        """Remember what was reported. A lower version never replaces a higher one, no report loses the id of its
        GitHub Deployment, and one of a deployment that is gone is not kept."""
        key = deployment_key(report.deployment_id)
        known: dict[str, Value] = (
            {} if report.github_deployment_id is None else {"github_deployment_id": report.github_deployment_id}
        )
        values = {"reported_version": report.version, **known}
        is_latest = self._again(lambda: self._rows.update(key, setting(values), _NOT_NEWER, values))
        if is_latest is None and known:
            self._again(lambda: self._rows.update(key, _KEEP_FIRST, IS_THERE, known))
