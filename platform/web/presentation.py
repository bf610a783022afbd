"""How the platform's things look as JSON: for the API, the command line and the pages alike."""

from collections.abc import Iterable
from datetime import datetime
from typing import overload

from battleshiper.platform.bus.port import DeadLetter
from battleshiper.platform.model.account import Account
from battleshiper.platform.model.audit import AuditEntry
from battleshiper.platform.model.custom_alias import CustomAlias
from battleshiper.platform.model.delivery import Delivery
from battleshiper.platform.model.deployment import Deployment
from battleshiper.platform.model.hook import Hook
from battleshiper.platform.model.hostname import production_label
from battleshiper.platform.model.project import Project
from battleshiper.platform.model.subscription import Limit, Subscription
from battleshiper.platform.model.variable import Variable
from battleshiper.platform.pipeline.allowance import Use
from battleshiper.platform.pipeline.places import SiteAddresses
from battleshiper.platform.tickets.keys import KeyRing
from battleshiper.platform.web import shapes


def present_project(project: Project, latest: Deployment | None, addresses: SiteAddresses) -> shapes.Project:
    """Return a project with its latest deployment."""
    return {
        "name": project.name,
        "repository": project.repository,
        "root_directory": project.root_directory,
        "production_branch": project.production_branch,
        "access": project.access.value,
        "obstacle": project.obstacle,
        "url": addresses.url(production_label(project.name)),
        "created_at": _time(project.created_at),
        "surfaces": sorted(project.surfaces),
        "latest_deployment": present_deployment(latest, project) if latest else None,
    }


def present_deployment(deployment: Deployment, project: Project) -> shapes.Deployment:
    """Return a deployment of a project."""
    commit = deployment.commit
    return {
        "id": deployment.id,
        "number": deployment.number,
        "project": project.name,
        "repository": project.repository,
        "environment": deployment.environment.value,
        "origin": deployment.origin.value,
        "state": deployment.state.value,
        "finished": deployment.state.is_final,
        "reason": deployment.reason,
        "url": deployment.site,
        "sha": commit.sha,
        "branch": commit.branch,
        "message": commit.message,
        "author": commit.author,
        "created_at": _time(deployment.created_at),
        "building_at": _time(deployment.building_at),
        "deploying_at": _time(deployment.deploying_at),
        "finished_at": _time(deployment.finished_at),
        "expired_at": _time(deployment.expired_at),
        "retired_at": _time(deployment.retired_at),
    }


def present_delivery(delivery: Delivery) -> shapes.Delivery:
    """Return a delivery with what was decided on it."""
    return {
        "id": delivery.id,
        "event": delivery.event,
        "repository": delivery.repository,
        "received_at": _time(delivery.received_at),
        "decisions": [
            {
                "verdict": decision.verdict.value,
                "reason": decision.reason,
                "project": decision.project_id,
                "deployment": decision.deployment_id,
            }
            for decision in delivery.decisions
        ],
    }


def present_dead_letter(letter: DeadLetter) -> shapes.DeadLetter:
    """Return an event that could not be handled, without the tickets that it carries."""
    detail = letter.event.detail
    return {
        "id": letter.event.id,
        "event": letter.event.type.value,
        "project": detail.get("project"),
        "deployment": detail.get("deployment"),
        "error": letter.error,
        "attempts": letter.attempts,
        "died_at": _time(letter.died_at),
    }


def present_account(account: Account) -> shapes.Account:
    """Return an account with its roles."""
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "roles": sorted(account.roles),
        "created_at": _time(account.created_at),
        "signed_in_at": _time(account.signed_in_at),
    }


def present_audit_entry(entry: AuditEntry) -> shapes.AuditEntry:
    """Return an entry of the audit log."""
    return {
        "at": _time(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
    }


def present_subscription(subscription: Subscription) -> shapes.Subscription:
    """Return a subscription with its limits."""
    limits = {limit.value: subscription.limits[limit] for limit in Limit if limit in subscription.limits}
    return {"name": subscription.name, "limits": limits}


def present_uses(subscription: Subscription, uses: Iterable[Use], resets_at: datetime) -> shapes.Uses:
    """Return what an account has used of its limits, and when counting begins anew."""
    return {
        "subscription": subscription.name,
        "uses": [{"limit": use.limit.value, "used": use.used, "most": use.most} for use in uses],
        "resets_at": _time(resets_at),
    }


def present_variable(variable: Variable) -> shapes.Variable:
    """Return an environment variable, without its value."""
    return {"name": variable.name, "scope": variable.scope, "updated_at": _time(variable.updated_at)}


def present_alias(alias: CustomAlias, addresses: SiteAddresses) -> shapes.Alias:
    """Return a further hostname of a project."""
    url = addresses.url(alias.label)
    return {"alias": alias.label, "url": url, "branch": alias.branch, "held_at": _time(alias.held_at)}


def present_hook(hook: Hook) -> shapes.Hook:
    """Return a build hook, without its address."""
    return {
        "id": hook.id,
        "title": hook.name,
        "branch": hook.branch,
        "created_at": _time(hook.created_at),
        "used_at": _time(hook.used_at),
    }


def present_keys(ring: KeyRing) -> shapes.Keys:
    """Return which ticket key signs, and until when each earlier one verifies."""
    return {
        "signing": ring.kid,
        "verifying": [{"key": key.kid, "until": _time(key.verifies_until)} for key in ring.retired],
    }


@overload
def _time(moment: datetime) -> str: ...
@overload
def _time(moment: datetime | None) -> str | None: ...
def _time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None
