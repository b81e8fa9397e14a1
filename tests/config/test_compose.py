"""The compose file asks for nothing the programs do not have."""

import re
from pathlib import Path

import click
import pytest
import yaml
from django.urls import Resolver404, resolve

from daihou.config.cli import daihou

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "compose.yaml").read_text("utf-8")
SERVICES = yaml.safe_load(TEXT)["services"]
OURS = {name: each for name, each in SERVICES.items() if each.get("image") == "daihou"}


@pytest.mark.parametrize("name", OURS)
def test_each_process_is_a_command_as_it_is_typed(name):
    program, *words = OURS[name]["command"]
    assert program == "daihou"
    command = daihou.get_command(click.Context(daihou), words[0])
    assert command is not None
    known = command.make_context(words[0], words[1:]).params
    assert set(words[2::2]) <= {str(value) for value in known.values()}


def test_the_database_is_up_and_migrated_before_anybody_uses_it():
    assert SERVICES["migrate"]["depends_on"].keys() == {"postgres"}
    for name in OURS.keys() - {"migrate"}:
        after = OURS[name]["depends_on"]["migrate"]
        assert after == {"condition": "service_completed_successfully"}


def test_every_setting_is_told_on_the_page():
    page = (ROOT / "docs" / "how-to" / "worker.md").read_text("utf-8")
    for each in OURS.values():
        assert [name for name in each["environment"] if f"`{name}`" not in page] == []
        assert each["environment"]["DATABASE_URL"].startswith("postgresql://")


def test_the_page_the_health_check_asks_is_there():
    (path,) = re.findall(r"localhost:8000(/[\w/]+)", TEXT)
    assert resolve(path).url_name == "ready"
    with pytest.raises(Resolver404):
        resolve(f"{path}-not")


def test_the_site_is_reached_from_this_machine_only():
    (published,) = SERVICES["web"]["ports"]
    assert published.startswith("127.0.0.1:")
    assert "ports" not in SERVICES["postgres"]
