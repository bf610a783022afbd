"""What a build may upload in all, looked at when it is deployed."""

import pytest

from battleshiper.platform.model.instructions import BuildLimits
from battleshiper.platform.model.result import MAX_RESULT_BYTES
from battleshiper.platform.objects.port import ObjectInfo
from battleshiper.platform.pipeline.check import ResultRefusedError, check_uploads

LIMITS = BuildLimits(output_files=3, output_bytes=1000)


@pytest.mark.parametrize("sizes", [[], [0] * 8, [1000 + MAX_RESULT_BYTES] * 2])
def test_a_build_may_upload_everything_twice(sizes):
    """An upload may be repeated, and the result is a file as well."""
    check_uploads([ObjectInfo("k", size) for size in sizes], LIMITS)


@pytest.mark.parametrize("sizes", [[0] * 9, [2001 + 2 * MAX_RESULT_BYTES], [1000 + MAX_RESULT_BYTES, 1001] * 2])
def test_more_is_refused(sizes):
    """Too many files, or too many bytes."""
    with pytest.raises(ResultRefusedError, match="more than it may publish"):
        check_uploads([ObjectInfo("k", size) for size in sizes], LIMITS)


def test_no_more_is_looked_at_than_needed():
    """A build that uploads without end does not keep us busy."""
    looked = []

    def uploads():
        while True:
            looked.append(1)
            yield ObjectInfo("k", 1)

    with pytest.raises(ResultRefusedError):
        check_uploads(uploads(), LIMITS)
    assert len(looked) == 9
