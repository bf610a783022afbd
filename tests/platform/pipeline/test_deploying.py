"""The deploy step: what is published, what is refused, and that it may die anywhere."""

import io
import json
from dataclasses import replace

import pytest

from battleshiper.platform.builder.port import JobStatus
from battleshiper.platform.bus.port import GiveUpError
from battleshiper.platform.logs.port import LogKind
from battleshiper.platform.model.deployment import State
from battleshiper.platform.model.manifest import Manifest, ManifestFile
from battleshiper.platform.model.result import BuildFailure, BuildResult, FailureCode
from battleshiper.platform.model.shortage import ShortageError
from battleshiper.platform.objects.port import ObjectInfo
from battleshiper.platform.pipeline.places import build_prefix
from battleshiper.platform.store.port import ConflictError

OLD, NEW = "a" * 40, "b" * 40


def test_production(world) -> None:
    """A production build is served at the project's name, its branch's label and its own."""
    deployment = world.deploy()
    assert deployment.state is State.READY
    assert deployment.url == "http://site.localhost:8787"
    assert world.shown("site") == world.shown("site-git-main") == world.shown(f"site-{deployment.id}") == deployment.id
    assert world.routes.get("site") is not None


def test_preview(world) -> None:
    """A preview is served at its branch's label and its own, and production does not move."""
    production = world.deploy(OLD)
    preview = world.deploy(NEW, "feature")
    assert preview.url == f"http://site-{preview.id}.localhost:8787"
    assert world.shown("site") == production.id
    assert world.shown("site-git-feature") == preview.id


def test_files_lie_at_their_immutable_place(world) -> None:
    """Published files lie below the deployment's own prefix, and the upload is cleared away."""
    deployment = world.deploy(files={"client/a/b.js": b"1", "prerendered/index.html": b"2"})
    keys = {info.key for info in world.objects.list("sites/")}
    prefix = f"sites/{deployment.project_id}/{deployment.id}/"
    assert keys == {prefix + "client/a/b.js", prefix + "prerendered/index.html"}
    assert list(world.objects.list("builds/")) == []


def test_failed_build(world) -> None:
    """A build's failure ends the deployment with the cause and what to do."""
    deployment = world.build()
    failure = BuildFailure(code=FailureCode.BUILD, message="`npm run build` ended with exit code 1.", hint="Try it.")
    world.result(deployment, BuildResult(deployment_id=deployment.id, failure=failure))
    world.deploying.deploy(world.end(deployment, JobStatus.FAILED))
    ended = world.store.deployment(deployment.id)
    assert (ended.state, ended.reason) == (State.FAILED, "`npm run build` ended with exit code 1. Try it.")


def test_skipped_build(world) -> None:
    """A build that found nothing to do ends as skipped, twice told or not; what is live stays."""
    live = world.deploy(OLD)
    deployment = world.build(NEW)
    world.result(deployment, BuildResult(deployment_id=deployment.id, skipped="Skipped: nothing changed" + "." * 5000))
    end = world.end(deployment)
    world.deploying.deploy(end)
    world.deploying.deploy(end)
    ended = world.store.deployment(deployment.id)
    assert (ended.state, ended.version) == (State.SKIPPED, 3)
    assert ended.reason.startswith("Skipped: nothing changed")
    assert len(ended.reason) == 2000
    assert world.shown("site") == world.shown("site-git-main") == live.id
    assert list(world.objects.list("builds/")) == []
    assert [line.text[:24] for line in world.logs.read(deployment.id, LogKind.DEPLOY)] == ["Skipped: nothing changed"]


def test_skipped_build_that_left_files(world) -> None:
    """A result that says both is refused: nobody knows what it means."""
    deployment = world.build()
    world.upload(deployment, {"client/index.html": b"x"}, skipped="Skipped.")
    world.deploying.deploy(world.end(deployment))
    assert world.store.deployment(deployment.id).state is State.FAILED


def test_skipped_build_whose_job_failed(world) -> None:
    """A machine that says it failed has failed, whatever it left."""
    deployment = world.build()
    world.result(deployment, BuildResult(deployment_id=deployment.id, skipped="Skipped."))
    world.deploying.deploy(world.end(deployment, JobStatus.FAILED, "The build was lost 3 times."))
    assert world.store.deployment(deployment.id).state is State.FAILED


def test_lost_build(world) -> None:
    """A job that ended without a result fails with the builder's reason."""
    deployment = world.build()
    world.deploying.deploy(world.end(deployment, JobStatus.FAILED, "The build was lost 3 times."))
    assert world.store.deployment(deployment.id).reason == "The build was lost 3 times."


def test_event_comes_twice(world) -> None:
    """The job's end handled again changes nothing."""
    deployment = world.build()
    world.upload(deployment, {"client/index.html": b"x"})
    end = world.end(deployment)
    world.deploying.deploy(end)
    version = world.store.deployment(deployment.id).version
    world.deploying.deploy(end)
    assert world.store.deployment(deployment.id).version == version


def test_replayed_ticket(world) -> None:
    """The deploy ticket in another event is refused."""
    deployment = world.build()
    world.upload(deployment, {"client/index.html": b"x"})
    world.deploying.deploy(world.end(deployment))
    with pytest.raises(GiveUpError, match="used before"):
        world.deploying.deploy(world.end(deployment))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("client/../../../etc/passwd", "'..' part"),
        ("/client/x", "unknown place"),
        ("other/x", "unknown place"),
        ("client/a\\b", "backslash"),
        ("client/a\x00b", "control character"),
        ("client/" + "a" * 300, "longer than 255"),
    ],
)
def test_hostile_manifest(world, path: str, said: str) -> None:
    """A path that could leave its place fails the deployment by name, and nothing is published."""
    deployment = world.build()
    file = ManifestFile(path=path, bytes=1, sha256="0" * 64, content_type="text/html")
    world.result(deployment, BuildResult(deployment_id=deployment.id, manifest=Manifest(files=(file,))))
    world.deploying.deploy(world.end(deployment))
    ended = world.store.deployment(deployment.id)
    assert ended.state is State.FAILED
    assert said in ended.reason
    assert world.shown("site") is None


def test_upload_differs_from_manifest(world) -> None:
    """A file that is not what the manifest says fails the deployment; the live site stays."""
    live = world.deploy(OLD)
    deployment = world.build(NEW)
    lie = ManifestFile(path="client/index.html", bytes=1, sha256="0" * 64, content_type="text/html")
    world.upload(deployment, {"client/index.html": b"x"}, manifest=Manifest(files=(lie,)))
    world.deploying.deploy(world.end(deployment))
    assert world.store.deployment(deployment.id).state is State.FAILED
    assert world.shown("site") == live.id


def test_missing_upload(world) -> None:
    """A file that was never uploaded fails the deployment."""
    deployment = world.build()
    missing = ManifestFile(path="client/index.html", bytes=1, sha256="0" * 64, content_type="text/html")
    world.result(deployment, BuildResult(deployment_id=deployment.id, manifest=Manifest(files=(missing,))))
    world.deploying.deploy(world.end(deployment))
    assert world.store.deployment(deployment.id).state is State.FAILED


@pytest.mark.parametrize("routes", [("about",), ("/" + "x" * 300,), ("/x",) * 2001, ("/\u202e",)])
def test_malformed_routes(world, routes: tuple[str, ...]) -> None:
    """What is shown to people is checked as what is served."""
    deployment = world.build()
    world.upload(deployment, {"client/index.html": b"hello"})
    key = build_prefix(deployment.project_id, deployment.id) + "result.json"
    result = BuildResult.model_validate_json(world.objects.read(key))
    assert result.manifest is not None
    manifest = result.manifest.model_copy(update={"routes": routes})
    world.result(deployment, result.model_copy(update={"manifest": manifest}))
    world.deploying.deploy(world.end(deployment))
    failed = world.store.deployment(deployment.id)
    assert (failed.state, "list of routes" in failed.reason) == (State.FAILED, True)


def test_malformed_result(world) -> None:
    """A result that is no result is like none."""
    deployment = world.build()
    key = build_prefix(deployment.project_id, deployment.id) + "result.json"
    world.objects.put(key, io.BytesIO(b'{"deployment_id": 5'), "application/json")
    world.deploying.deploy(world.end(deployment))
    assert world.store.deployment(deployment.id).state is State.FAILED


def test_the_edge_is_told_a_functions_address(world) -> None:
    """The route says where a function is, which is not how the platform names it."""
    deployment = world.build(NEW)
    world.upload(deployment, {"client/x.js": b"x", "function.zip": b"zip"})
    world.deploying.deploy(world.end(deployment))
    (reference,) = world.functions.published
    address = world.functions.address(reference)
    assert address != reference
    assert json.loads(world.routes.get("site"))["function"] == address


def test_function_that_does_not_answer(world) -> None:
    """A function that does not start fails the deployment before any alias moves."""
    live = world.deploy(OLD)
    world.functions.broken.add(b"broken")
    deployment = world.build(NEW)
    world.upload(deployment, {"client/x.js": b"x", "function.zip": b"broken"})
    world.deploying.deploy(world.end(deployment))
    ended = world.store.deployment(deployment.id)
    assert ended.state is State.FAILED
    assert "SyntaxError" in ended.reason
    assert world.shown("site") == live.id


def test_older_build_ends_last(world) -> None:
    """A redeploy of the branch that went live meanwhile is not replaced by an older build."""
    old = world.build(OLD)
    new, request = world.push(NEW)
    # The newer one overtakes without superseding, as when both were already in flight.
    world.builder.submit(replace(world.builder.jobs[old.id], id=new.id, deploy_ticket=request.detail["deploy_ticket"]))
    world.claims.spend(world.claims.issue(new.id))
    world.upload(new, {"client/index.html": b"new"})
    world.deploying.deploy(world.end(new))
    assert world.shown("site") == new.id
    world.upload(old, {"client/index.html": b"old"})
    world.deploying.deploy(world.end(old))
    assert world.store.deployment(old.id).state is State.SUPERSEDED
    assert world.shown("site") == new.id


def test_crash_at_every_step(world, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the step dies, the live site is whole, and the event's next delivery finishes the work."""
    live = world.deploy(OLD)
    deployment = world.build(NEW)
    world.upload(deployment, {"client/index.html": b"new", "function.zip": b"zip"})
    end = world.end(deployment)
    places = [
        (world.store, "advance"),
        (world.objects, "copy"),
        (world.functions, "publish"),
        (world.functions, "probe"),
        (world.objects, "put"),
        (world.routes, "write"),
        (world.store, "go_live"),
        (world.routing, "follow"),
    ]
    old_route = world.routes.get("site")
    for owner, name in places:
        with monkeypatch.context() as broken:

            def die(*_: object, **__: object) -> None:
                raise RuntimeError("the machine died")

            broken.setattr(owner, name, die)
            with pytest.raises(RuntimeError):
                world.deploying.deploy(end)
        assert world.routes.get("site") == old_route
        assert world.shown("site") == (deployment.id if name == "follow" else live.id)
    world.deploying.deploy(end)
    assert world.routes.get("site") != old_route
    assert world.store.deployment(deployment.id).state is State.READY
    assert world.shown("site") == deployment.id


def test_canceled_meanwhile(world) -> None:
    """A deployment that was canceled while its build ended is not published."""
    deployment = world.build()
    world.upload(deployment, {"client/index.html": b"x"})
    world.operations.cancel("site", deployment.id)
    world.deploying.deploy(world.end(deployment))
    assert world.store.deployment(deployment.id).state is State.CANCELED
    assert world.shown("site") is None


@pytest.mark.parametrize("step", ["copy", "probe"])
def test_canceled_while_it_is_published(world, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A deployment that is canceled while its files are copied or its function is asked does not go live."""
    live = world.deploy(OLD)
    deployment = world.build(NEW)
    world.upload(deployment, {"client/index.html": b"new", "function.zip": b"zip"})
    owner = world.objects if step == "copy" else world.functions
    work = getattr(owner, step)

    def cancel_meanwhile(argument: object) -> None:
        work(argument)
        world.operations.cancel("site", deployment.id)

    monkeypatch.setattr(owner, step, cancel_meanwhile)
    world.deploying.deploy(world.end(deployment))
    assert world.store.deployment(deployment.id).state is State.CANCELED
    assert world.shown("site") == live.id


def test_a_conflict_is_not_taken_for_an_end(world, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostname that another project has is a fault to be seen and tried again, not a deployment that was ended."""
    deployment = world.build()
    world.upload(deployment, {"client/index.html": b"x"})

    def refuse(*_: object, **__: object) -> None:
        raise ConflictError("the hostname belongs to another project")

    end = world.end(deployment)
    with monkeypatch.context() as broken:
        broken.setattr(world.store, "go_live", refuse)
        with pytest.raises(ConflictError):
            world.deploying.deploy(end)
    world.deploying.deploy(end)
    assert world.store.deployment(deployment.id).state is State.READY


def test_file_that_is_another_beside_a_broken_function(world) -> None:
    """Files are taken over while the function starts; when both fail, the file is named, and nothing is live."""
    world.functions.broken.add(b"broken")
    deployment = world.build()
    world.upload(deployment, {"client/x.js": b"x", "function.zip": b"broken"})
    prefix = build_prefix(deployment.project_id, deployment.id)
    world.objects.put(prefix + "client/x.js", io.BytesIO(b"y"), "text/javascript")
    world.deploying.deploy(world.end(deployment))
    ended = world.store.deployment(deployment.id)
    assert ended.state is State.FAILED
    assert "client/x.js" in ended.reason
    assert world.routes.get("site") is None


def test_function_that_is_another(world) -> None:
    """A function's package of the right size and the wrong content is not published."""
    deployment = world.build()
    world.upload(deployment, {"client/x.js": b"x", "function.zip": b"zip"})
    prefix = build_prefix(deployment.project_id, deployment.id)
    world.objects.put(prefix + "function.zip", io.BytesIO(b"ZIP"), "application/zip")
    world.deploying.deploy(world.end(deployment))
    ended = world.store.deployment(deployment.id)
    assert (ended.state, world.functions.published) == (State.FAILED, {})
    assert "manifest" in ended.reason


def test_endless_failure(world) -> None:
    """A failure's text is cut: the machine that wrote it ran a stranger's code."""
    deployment = world.build()
    failure = BuildFailure(code=FailureCode.BUILD, message="x" * 1_000_000)
    world.result(deployment, BuildResult(deployment_id=deployment.id, failure=failure))
    world.deploying.deploy(world.end(deployment, JobStatus.FAILED))
    assert len(world.store.deployment(deployment.id).reason) == 2000


def test_more_uploads_than_a_build_may_make(world, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of files that the manifest does not name."""
    deployment = world.build()
    world.upload(deployment, {"client/index.html": b"hello"})
    monkeypatch.setattr(world.objects, "list", lambda prefix: [ObjectInfo(f"{prefix}more", 10**12)])
    world.deploying.deploy(world.end(deployment))
    assert world.store.deployment(deployment.id).reason.startswith("The build has uploaded more than it may publish")


def test_platform_without_room(world, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The owner is told that it is not their fault; the operator reads what to do."""

    def refuse(*_: object) -> None:
        raise ShortageError("Ask for more code storage.", "The platform has no room for this function.")

    monkeypatch.setattr(world.functions, "publish", refuse)
    failed = world.deploy(files={"client/index.html": b"x", "function.zip": b"zip"})
    assert (failed.state, failed.reason) == (State.FAILED, "The platform has no room for this function.")
    assert "Ask for more code storage." in caplog.text
    assert failed.id in caplog.text
