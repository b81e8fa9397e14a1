"""The import contract of the doors sees who climbs in by the window."""

import grimp
import pytest

from tools.doors import cross_room_imports, room_of

ROOMS = "house.rooms"


@pytest.mark.parametrize(
    ("module", "room"),
    [
        ("house.rooms.ledger.models", "ledger"),
        ("house.rooms.ledger", "ledger"),
        ("house.rooms", None),
        ("house.kit.numbers", None),
    ],
)
def test_a_module_stands_in_its_room(module, room):
    assert room_of(module, ROOMS) == room


def test_only_imports_between_rooms_are_looked_at():
    graph = grimp.ImportGraph()
    ledger, models = "house.rooms.ledger.queries", "house.rooms.ledger.models"
    people, kit = "house.rooms.people.models", "house.kit.numbers"
    for module in (ledger, models, people, kit):
        graph.add_module(module)
    for imported in (models, people, kit):
        graph.add_import(importer=ledger, imported=imported)
    assert list(cross_room_imports(graph, ROOMS)) == [(ledger, people)]
