"""What holds of an item: machine, hand, and how both move."""

import pytest

from noko.core.websites.findings import Status
from noko.core.websites.standing import Change, again, change, changes, counted

FOUND, ABSENT, UNCHECKED, NOT = (
    Status.FOUND,
    Status.ABSENT,
    Status.UNCHECKED,
    Status.NOT_APPLICABLE,
)


@pytest.mark.parametrize(
    ("machine", "mark", "expected"),
    [
        (FOUND, None, FOUND),
        (ABSENT, FOUND, FOUND),
        (FOUND, ABSENT, ABSENT),
        (UNCHECKED, NOT, NOT),
        (None, None, UNCHECKED),
    ],
)
def test_mark_stands_above_the_finding(machine, mark, expected):
    assert counted(machine, mark) is expected


@pytest.mark.parametrize(
    ("machine", "mark", "looked", "expected"),
    [
        (ABSENT, FOUND, False, True),
        (ABSENT, FOUND, True, False),
        (FOUND, FOUND, False, False),
        (UNCHECKED, FOUND, False, True),
        (ABSENT, None, False, False),
    ],
)
def test_mark_is_looked_at_again_where_a_later_finding_disagrees(machine, mark, looked, expected):
    assert again(machine, mark, looked=looked) is expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ABSENT, FOUND, Change.APPEARED),
        (FOUND, ABSENT, Change.DISAPPEARED),
        (FOUND, UNCHECKED, Change.CHANGED),
        (UNCHECKED, FOUND, Change.CHANGED),
        (ABSENT, NOT, Change.CHANGED),
        (FOUND, FOUND, None),
    ],
)
def test_change_of_an_item(before, after, expected):
    assert change(before, after) is expected


def test_changes_leave_out_items_of_one_visit_only():
    before = {"a": ABSENT, "b": FOUND, "gone": FOUND}
    after = {"a": FOUND, "b": FOUND, "new": ABSENT}
    assert changes(before, after) == {"a": Change.APPEARED}
