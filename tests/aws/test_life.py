"""What becomes of a site on AWS after its first push: it changes, goes back, and ends."""

import pytest
from aws.platform import PlatformOnAws
from aws.wire import Answer, Request
from e2e.harness import until

pytestmark = [pytest.mark.emulator, pytest.mark.sandbox]


def test_back_and_gone(platform: PlatformOnAws) -> None:
    """A second push replaces the first, rolling back shows the first again without a build, a preview has an address of
    its own and loses its branch's with the branch, the same files are not built again, and a deleted project leaves
    nothing behind."""
    checkout = platform.checkout("life")
    checkout.commit()
    first = platform.follow(checkout.push())
    (checkout.folder / "index.html").write_text("<h1>second</h1>")
    checkout.commit()
    second = platform.follow(checkout.push())
    assert (first["state"], second["state"]) == ("ready", "ready")
    until(lambda: platform.visit("life").text == "<h1>second</h1>")
    builds = len(platform.batch.jobs())
    platform.http.post("/api/v1/projects/life/rollback").raise_for_status()
    assert platform.visit("life").text == "<h1>life</h1>"
    assert len(platform.batch.jobs()) == builds

    (checkout.folder / "index.html").write_text("<h1>draft</h1>")
    checkout.commit()
    draft = platform.follow(checkout.push("HEAD:draft"))
    assert draft["environment"] == "preview"
    page = platform.visit("life-git-draft")
    assert (page.text, page.header("x-robots-tag")) == ("<h1>draft</h1>", "noindex")

    builds = len(platform.batch.jobs())
    checkout.commit("The same files")
    merged = platform.follow(checkout.push())
    assert merged["reason"].startswith(f"Same files as {draft['id']}")
    until(lambda: platform.visit("life").text == "<h1>draft</h1>")
    assert len(platform.batch.jobs()) == builds

    checkout.push(":refs/heads/draft")
    until(lambda: platform.visit("life-git-draft").status == 404, 90)
    assert platform.visit(f"life-{draft['id']}").text == "<h1>draft</h1>"

    platform.http.delete("/api/v1/projects/life").raise_for_status()
    until(lambda: platform.visit("life").status == 404, 90)
    s3 = platform.emulator.client("s3")

    def leftovers() -> list[str]:
        found = s3.list_objects_v2(Bucket=platform.bucket("Sites")).get("Contents", [])
        return [
            each["Key"] for each in found if any(one["id"] in each["Key"] for one in (first, second, draft, merged))
        ]

    until(lambda: not leftovers(), 90)
    store = platform.stack.outputs["KeyValueStore"]
    keys = platform.emulator.client("cloudfront-keyvaluestore").list_keys(KvsARN=store)["Items"]
    assert not [each["Key"] for each in keys if each["Key"].partition("-")[0] == "life"]


def test_new_pages(platform: PlatformOnAws) -> None:
    """CodeDeploy's hook brings the pages' assets before their version goes live, the distribution serves them from the
    bucket, and the hook after takes away what no version has."""
    told: list[bytes] = []

    def hear(request: Request) -> Answer | None:
        if request.operation != "codedeploy.PutLifecycleEventHookExecutionStatus":
            return None
        told.append(request.body)
        return Answer(200, {"content-type": "application/x-amz-json-1.1"}, b"{}")

    event = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "hook"}
    s3, bucket = platform.emulator.client("s3"), platform.bucket("Assets")
    s3.put_object(Bucket=bucket, Key="static/of-an-old-version.css", Body=b"")
    platform.wire.trouble = hear
    try:
        platform.call("assets_before", event)
        platform.call("assets_after", event)
    finally:
        platform.wire.trouble = lambda _: None
    assert [b"Succeeded" in each for each in told] == [True, True]
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert "static/of-an-old-version.css" not in keys
    style = next(key for key in keys if key.endswith(".css"))
    page = platform.http.get("/sign-in?here=1")
    assert page.status_code == 200
    assert f"/{style}" in page.text
    served = platform.http.get(f"/{style}")
    assert served.headers["cache-control"].endswith("immutable")
    assert served.content == s3.get_object(Bucket=bucket, Key=style)["Body"].read()
