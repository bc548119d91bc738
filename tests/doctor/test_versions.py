"""Ranges, as three tools write them."""

import pytest

from chatkit_scaffold.doctor.versions import allows, floor, has_ceiling


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        (">=1.6.5,<1.7", "1.6.9", "1.7"),
        ("^0", "0.9", "1.0"),
        ("^0.3.1", "0.3.9", "0.4"),
        ("^1.6.1", "1.9", "2.0"),
        ("~1.6", "1.6.9", "1.7"),
        ("~=1.6", "1.9", "2.0"),
        ("~=1.6.5", "1.6.6", "1.7"),
        ("==1.6.*", "1.6.2", "1.7"),
        ("==1.6.5", "1.6.5", "1.6.6"),
        ("<=2", "2.0", "2.1"),
        ("18.x", "18.4", "20.0"),
        (">=18 <20", "19.1", "20.0"),
        ("18 || 20", "20.1", "19.0"),
    ],
)
def test_what_lies_in_a_range(bounds: str, inside: str, outside: str) -> None:
    assert allows(bounds, inside)
    assert not allows(bounds, outside)
    assert has_ceiling(bounds)


@pytest.mark.parametrize("bounds", ["", "latest", "*", ">=1.6", "!=1.5"])
def test_what_has_no_end(bounds: str) -> None:
    assert allows(bounds, "99.0")
    assert not has_ceiling(bounds)


def test_the_lowest_version_allowed() -> None:
    assert floor(">=1.6.5,<1.7") == (1, 6, 5)
    assert floor("<2") == ()
    assert floor("18 || 20") == (18,)
