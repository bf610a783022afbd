"""What S3 has and a folder has not: conditions, headers, pages, refusals, and two buckets."""

import hashlib
import io
from collections.abc import Iterator
from unicodedata import normalize

import pytest
from aws.simple_storage import BUILDS_BUCKET, SITES_BUCKET, s3_client
from botocore.awsrequest import AWSResponse

from battleshiper.platform.model.shortage import ShortageError
from battleshiper.platform.objects.port import Copy, CopyRefusedError, ObjectsLeftError
from battleshiper.platform.objects.s3 import S3Objects


class Bench:
    """Objects in S3 with all that a test looks at."""

    def __init__(self, client) -> None:
        self.client = client
        self.pauses: list[float] = []
        self.objects = S3Objects(
            client, builds_bucket=BUILDS_BUCKET, sites_bucket=SITES_BUCKET, pause=self.pauses.append
        )
        self.calls: list[str] = []
        client.meta.events.register("before-call.s3", lambda model, **_: self.calls.append(model.name))

    def put(self, key: str, body: bytes = b"hello") -> None:
        self.objects.put(key, io.BytesIO(body), "text/plain")

    def head(self, key: str):
        bucket = BUILDS_BUCKET if key.startswith("builds/") else SITES_BUCKET
        return self.client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")

    def list_by(self, size: int) -> None:
        """Let S3 list `size` objects at a time, where it would list 1,000."""
        self.client.meta.events.register(
            "provide-client-params.s3.ListObjectsV2", lambda params, **_: params.update(MaxKeys=size)
        )

    def before(self, operation: str, act) -> None:
        """Call `act` once, before the next call of an operation; what it returns is the answer, if it is one."""
        pending = [act]

        def handle(**context):
            return pending.pop()(**context) if pending else None

        self.client.meta.events.register_first(f"before-call.s3.{operation}", handle)


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Objects in an empty S3."""
    with s3_client() as client:
        yield Bench(client)


def copy_of(name: str, body: bytes = b"hello", content_type: str = "text/plain") -> Copy:
    """Return the copy of a build's file `name` to its site."""
    return Copy(f"builds/p/d/{name}", f"sites/p/d/{name}", len(body), hashlib.sha256(body).hexdigest(), content_type)


def failed(code: str, status: int):
    """Return the answer to a call that failed."""
    answer = AWSResponse("https://s3.test/", status, {}, None)
    return answer, {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}


def test_builds_lie_apart_from_what_is_served(bench):
    """The lifecycle of the one bucket cannot reach the other."""
    for key in ("builds/p/d/a", "sites/p/d/a", "records/p/d.json"):
        bench.put(key)
    listed = [
        [found["Key"] for found in bench.client.list_objects_v2(Bucket=bucket)["Contents"]]
        for bucket in (BUILDS_BUCKET, SITES_BUCKET)
    ]
    assert listed == [["builds/p/d/a"], ["records/p/d.json", "sites/p/d/a"]]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("client/index.html", "public, max-age=0, must-revalidate"),
        ("client/_app/immutable/chunks/B8c9dE.js", "public, max-age=31536000, immutable"),
    ],
)
def test_a_copy_has_the_headers_that_visitors_get(bench, name, expected):
    """The manifest's content type, and how long the file may be kept; never what the build uploaded with it."""
    bench.put(f"builds/p/d/{name}")
    bench.objects.copy([copy_of(name, content_type="text/html; charset=utf-8")])
    head = bench.head(f"sites/p/d/{name}")
    assert (head["ContentType"], head["CacheControl"]) == ("text/html; charset=utf-8", expected)


@pytest.mark.parametrize("name", ["a b+c%20d&e=f?g#h", "ä/🚢", "${filename}", "'\"<>|*", "x" * 250 + "/" + "y" * 250])
def test_any_legal_name_is_copied(bench, name):
    """Whatever has a meaning in addresses or headers."""
    bench.put(f"builds/p/d/{name}")
    bench.objects.copy([copy_of(name)])
    assert bench.objects.read(f"sites/p/d/{name}") == b"hello"


def test_a_name_may_change_its_unicode_form(bench):
    """Sites are served under NFC names, whatever form the build used."""
    name = normalize("NFD", "é")
    bench.put(f"builds/p/d/{name}")
    copy = copy_of(name)
    bench.objects.copy([Copy(copy.source, f"sites/p/d/{normalize('NFC', name)}", 5, copy.sha256, "text/plain")])
    assert [info.key for info in bench.objects.list("sites/p/")] == ["sites/p/d/\xe9"]


def test_copies_take_the_listing_and_a_call_each(bench):
    """What is checked costs no calls of its own; pages are followed."""
    bench.list_by(25)
    for number in range(60):
        bench.put(f"builds/p/d/{number}")
    bench.calls.clear()
    bench.objects.copy(copy_of(str(number)) for number in range(60))
    # The conditions of the stand-in ask for heads.
    assert [bench.calls.count(name) for name in ("ListObjectsV2", "CopyObject", "GetObject")] == [3, 60, 0]
    assert len(list(bench.objects.list("sites/p/d/"))) == 60


def test_what_was_changed_after_the_check_is_not_copied(bench):
    """Whoever uploads while we publish gains nothing."""
    bench.put("builds/p/d/a")
    bench.before("CopyObject", lambda **_: bench.put("builds/p/d/a", b"other"))
    with pytest.raises(CopyRefusedError, match="'builds/p/d/a' was changed"):
        bench.objects.copy([copy_of("a")])
    assert list(bench.objects.list("sites/p/")) == []


def test_a_copy_of_other_bytes_of_the_same_size_is_taken_back(bench):
    """S3 says what it has copied."""
    bench.put("builds/p/d/a", b"hellO")
    with pytest.raises(CopyRefusedError, match=r"'builds/p/d/a'.*sha256"):
        bench.objects.copy([copy_of("a")])
    assert list(bench.objects.list("sites/p/")) == []


def test_a_target_never_changes(bench):
    """Equal is fine, also from a source that is another object by now; anything else is refused."""
    bench.put("builds/p/d/a")
    bench.put("sites/p/d/a")
    bench.objects.copy([copy_of("a")])
    bench.put("builds/p/d/a", b"other")
    with pytest.raises(CopyRefusedError):
        bench.objects.copy([copy_of("a", b"other")])
    assert bench.objects.read("sites/p/d/a") == b"hello"


def test_a_copy_that_meets_another_is_made_again(bench):
    """Two steps may publish the same deployment at once."""
    bench.put("builds/p/d/a")
    bench.before("CopyObject", lambda **_: failed("ConditionalRequestConflict", 409))
    bench.objects.copy([copy_of("a")])
    assert bench.objects.read("sites/p/d/a") == b"hello"
    assert bench.pauses == [0.1]


def test_the_first_failure_ends_the_rest(bench):
    """Most of the others are never started. A missing right is the operator's to mend."""
    for number in range(100):
        bench.put(f"builds/p/d/{number}")
    bench.before("CopyObject", lambda **_: failed("AccessDenied", 403))
    with pytest.raises(ShortageError, match="CopyObject"):
        bench.objects.copy(copy_of(str(number)) for number in range(100))
    assert bench.calls.count("CopyObject") < 100


def test_many_objects_are_deleted_a_page_at_a_time(bench):
    """S3 lists no more at once than it deletes."""
    bench.list_by(25)
    for number in range(60):
        bench.put(f"builds/p/d/{number}", b"")
    bench.calls.clear()
    bench.objects.delete("builds/p/")
    assert bench.calls.count("DeleteObjects") == 3
    assert list(bench.objects.list("builds/p/")) == []


def test_only_what_was_refused_is_deleted_again(bench):
    """S3 answers for each key."""
    for name in "abc":
        bench.put(f"builds/p/d/{name}")
    asked = []
    refuse = [["builds/p/d/b"], ["builds/p/d/b"]]

    def answer(params, **_):
        asked.append(params["body"].count(b"<Key>"))
        if not refuse:
            return None
        errors = [{"Key": key, "Code": "InternalError", "Message": "try again"} for key in refuse.pop()]
        return AWSResponse("https://s3.test/", 200, {}, None), {"Errors": errors, "ResponseMetadata": {}}

    bench.client.meta.events.register("before-call.s3.DeleteObjects", answer)
    bench.objects.delete("builds/p/")
    assert asked == [3, 1, 1]
    assert bench.pauses == [0.2, 0.4]


def test_what_cannot_be_deleted_is_named(bench):
    """With S3's own reason."""
    bench.put("builds/p/d/a")
    errors = [{"Key": "builds/p/d/a", "Code": "AccessDenied", "Message": "no"}]
    answer = (AWSResponse("https://s3.test/", 200, {}, None), {"Errors": errors, "ResponseMetadata": {}})
    bench.client.meta.events.register("before-call.s3.DeleteObjects", lambda **_: answer)
    with pytest.raises(ObjectsLeftError, match="'builds/p/d/a': AccessDenied no"):
        bench.objects.delete("builds/p/")
