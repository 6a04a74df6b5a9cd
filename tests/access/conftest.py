"""What the tests about access share."""

import copy

import pytest

from huiyin.desk.places.actions import touch
from huiyin.desk.places.models import Organisation
from tests.access.world import World, build_world


@pytest.fixture(scope="module")
def built_world(module_transaction: None) -> World:
    """The world as it is built once for a file; tests ask for ``world``."""
    return build_world()


@pytest.fixture
def world(built_world: World, db: None) -> World:
    """Two projects and a second organisation, each with a full drawer."""
    # What an earlier test remembered of them, and did not commit, must not be known any more.
    for one in Organisation.objects.all():
        touch(one.id)
    return copy.deepcopy(built_world)
