"""What is read from the headers."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.webhooks.headers import MAX_BODY_BYTES, Headers
from battleshiper.webhooks.refusal import MalformedError, RefusedError, TooLargeError, UnreadableError

GOOD = {
    b"content-type": b"application/json",
    b"x-github-event": b"push",
    b"x-github-delivery": b"72d3162e-cc78-11e3-81ab-4c9367dc0958",
}


def headers(**changes: bytes | None) -> Headers:
    """Return good headers with some changed or, with None, left out."""
    named = {name.replace("_", "-").encode(): value for name, value in changes.items()}
    return Headers((name, value) for name, value in (GOOD | named).items() if value is not None)


def test_labels() -> None:
    """Event, delivery and App are read from their headers."""
    labels = headers(
        x_github_hook_installation_target_type=b"integration", x_github_hook_installation_target_id=b"4711"
    ).labels()
    assert (labels.event, labels.delivery_id, labels.app, labels.is_form) == (
        "push",
        "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "4711",
        False,
    )


def test_names_may_have_any_case() -> None:
    """Servers that keep the case of header names are understood."""
    assert Headers((name.title(), value) for name, value in GOOD.items()).labels().event == "push"


def test_the_webhook_of_a_repository_is_for_no_app() -> None:
    """The target's id is an App's only where the type says so."""
    labels = headers(x_github_hook_installation_target_type=b"repository", x_github_hook_installation_target_id=b"1")
    assert labels.labels().app is None


@pytest.mark.parametrize(
    ("content_type", "is_form"),
    [
        (b"application/json; charset=utf-8", False),
        (b"Application/JSON;charset=UTF-8;x=y", False),
        (b"application/x-www-form-urlencoded", True),
        (b"application/x-www-form-urlencoded; charset=utf-8", True),
    ],
)
def test_content_types_that_are_read(content_type: bytes, is_form: bool) -> None:
    """Both kinds of hooks are read, with parameters behind the type or without."""
    assert headers(content_type=content_type).labels().is_form is is_form


@pytest.mark.parametrize("content_type", [None, b"", b"text/plain", b"application/jsonp", b"multipart/form-data", b";"])
def test_other_content_types_are_refused(content_type: bytes | None) -> None:
    """What cannot be read gets 415."""
    with pytest.raises(UnreadableError) as caught:
        headers(content_type=content_type).labels()
    assert caught.value.status == 415


def test_compressed_bodies_are_refused() -> None:
    """A body that could unpack to any size gets 415."""
    with pytest.raises(UnreadableError):
        headers(content_encoding=b"gzip").labels()


@pytest.mark.parametrize("name", ["x_github_event", "x_github_delivery"])
@pytest.mark.parametrize("value", [None, b"", b" ", b"a b", b"\x1b[31m", b"caf\xc3\xa9", b"x" * 101, b"-x", b"a\n"])
def test_names_and_ids_that_github_never_sends(name: str, value: bytes | None) -> None:
    """A missing, blank, over-long or unprintable event or delivery id gets 400."""
    with pytest.raises(MalformedError) as caught:
        headers(**{name: value}).labels()
    assert caught.value.status == 400


@pytest.mark.parametrize("name", [b"x-github-event", b"x-github-delivery", b"content-type"])
def test_repeated_headers_are_refused(name: bytes) -> None:
    """There is no choosing between two values."""
    with pytest.raises(MalformedError, match=name.decode()):
        Headers([*GOOD.items(), (name, GOOD[name])]).labels()


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1).encode(), b"9" * 5000, b"-1", b"1e9", b"", "٣".encode()])
def test_lengths_that_are_refused(length: bytes) -> None:
    """A length above the limit, or none at all, gets 413 before the body is read."""
    with pytest.raises(TooLargeError) as caught:
        headers(content_length=length).check_length()
    assert caught.value.status == 413


@pytest.mark.parametrize("length", [None, b"0", str(MAX_BODY_BYTES).encode()])
def test_lengths_that_pass(length: bytes | None) -> None:
    """25 MB may come, and a body of unsaid length is counted while it comes."""
    headers(content_length=length).check_length()


@given(st.lists(st.tuples(st.sampled_from([*GOOD, b"x-hub-signature-256", b"content-length"]), st.binary(max_size=20))))
def test_any_headers_are_read_or_refused(raw: list[tuple[bytes, bytes]]) -> None:
    """Nothing in the headers ends in another error than a refusal."""
    read = Headers(raw)
    for step in (read.signature, read.check_length, read.labels):
        with contextlib.suppress(RefusedError):
            step()
