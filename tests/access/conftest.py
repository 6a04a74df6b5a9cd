"""What the tests about access share."""

import pytest

from tests.access.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """Two projects and a second organisation, each with a full drawer."""
    return build_world()
