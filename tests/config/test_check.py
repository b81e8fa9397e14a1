"""`daihou check` names what is unsafe, and only that."""

import json
import sys
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from daihou.config import cli, clock, safety
from daihou.config.backup import take
from daihou.rooms.people import door as people
from tests.nightly import world

AT = datetime(2026, 3, 20, 2, tzinfo=UTC)
SAFE = {
    "DAIHOU_HTTPS": "1",
    "DAIHOU_HOSTS": "loans.example.org",
    "DAIHOU_MFA_ROLES": "all",
    "DAIHOU_ROLE_CHANGES": "approve",
    "DATABASE_URL": "postgresql://d:long-enough-password@db.example.org/d?sslmode=verify-full",
}


@pytest.fixture
def home(tmp_path):
    """A home with a safe key and a backup of yesterday."""
    (tmp_path / "secrets").mkdir(mode=0o700)
    key = tmp_path / "secrets" / "django"
    key.write_text("k")
    key.chmod(0o600)
    backed_up(tmp_path, AT - timedelta(hours=20))
    return tmp_path


def backed_up(home, at):
    (home / take.LAST).write_text(json.dumps({"at": at.isoformat()}))


def codes(home, **environment):
    found = safety.look(home=home, at=AT, environment=SAFE | environment)
    return {each.code: each.level for each in found}


def test_a_safe_set_up_has_nothing_to_put_right(home):
    assert codes(home) == {}


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"DAIHOU_DEBUG": "1"}, "debug"),
        ({"DAIHOU_SECRET_KEY": "changeme"}, "secret_key"),
        ({"DAIHOU_SECRET_KEY": "a" * 60}, "secret_key"),
        ({"DAIHOU_HOSTS": "*"}, "hosts"),
        ({"DAIHOU_HOSTS": ".example.org"}, "hosts"),
        ({"DAIHOU_HTTPS": "0"}, "tls"),
        ({"DAIHOU_METRICS_TOKEN": "short"}, "metrics_token"),
        ({"DAIHOU_WEBHOOK_NETWORKS": "0.0.0.0/0"}, "webhook_networks"),
        ({"DAIHOU_WEBHOOK_NETWORKS": "10.1.0.0/16, x"}, "webhook_networks"),
        ({"DAIHOU_PROXIES": "0.0.0.0/0"}, "proxies"),
        ({"DAIHOU_PROXIES": "proxy"}, "proxies"),
        ({"DAIHOU_ANYWHERE": "1"}, "anywhere"),
        ({"DAIHOU_SESSION_HOURS": "100"}, "session_hours"),
        ({"DAIHOU_OIDC_ISSUER": "http://id.example.org"}, "oidc_clear"),
        (
            {
                "DAIHOU_MAIL_HOST": "smtp.example.org",
                "DAIHOU_MAIL_TLS": "none",
                "DAIHOU_SITE": "https://loans.example.org",
            },
            "mail_clear",
        ),
        ({"DAIHOU_MAIL_HOST": "smtp.example.org"}, "mail_site"),
        (
            {
                "DAIHOU_MAIL_HOST": "smtp.example.org",
                "DAIHOU_SITE": "http://loans.example.org",
            },
            "mail_site",
        ),
        ({"DAIHOU_OTLP_ENDPOINT": "collector:4318"}, "telemetry_address"),
        ({"DAIHOU_OTLP_ENDPOINT": "http://otel.example.org"}, "telemetry_clear"),
        (
            {"DATABASE_URL": "postgresql://d:long-enough-password@db.example.org/d"},
            "database_tls",
        ),
        (
            {
                "DATABASE_URL": "postgresql://d:long-enough-pw@db.example.org/d?sslmode=prefer"
            },
            "database_tls",
        ),
    ],
)
def test_each_unsafe_setting_is_named(home, environment, code):
    assert codes(home, **environment) == {code: safety.UNSAFE}


def test_a_machine_of_ones_own_is_advised_not_blamed(home):
    alone = {"DAIHOU_HOSTS": "", "DAIHOU_HTTPS": "", "DATABASE_URL": ""}
    told = codes(home, **alone)
    assert told == {"tls": safety.ADVICE, "database_inside": safety.ADVICE}


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"DAIHOU_MFA_ROLES": "collector"}, "second_factor"),
        ({"DAIHOU_ROLE_CHANGES": ""}, "role_changes"),
        ({"DAIHOU_OTLP_ENDPOINT": "http://collector:4318"}, "telemetry_clear"),
    ],
)
def test_what_may_be_wished_is_advised(home, environment, code):
    assert codes(home, **environment) == {code: safety.ADVICE}


def test_what_is_set_well_is_not_named(home):
    assert (
        codes(
            home,
            DAIHOU_PROXIES="10.0.0.7/32",
            DAIHOU_MFA_ROLES="admin,risk",
            DAIHOU_SESSION_HOURS="8",
            DAIHOU_OIDC_ISSUER="https://id.example.org",
            DAIHOU_MAIL_HOST="smtp.example.org",
            DAIHOU_SITE="https://loans.example.org",
            DAIHOU_OTLP_ENDPOINT="https://otel.example.org",
        )
        == {}
    )


def test_traces_without_their_packages_are_named(home, monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk", None)
    told = codes(home, DAIHOU_OTLP_ENDPOINT="https://otel.example.org")
    assert told == {"telemetry_missing": safety.UNSAFE}


def test_a_database_among_containers_is_advised(home):
    told = codes(home, DATABASE_URL="postgresql://d:long-enough-password@postgres/d")
    assert told == {"database_tls": safety.ADVICE}


def test_keys_others_may_read_and_old_backups_are_named(home):
    (home / "secrets" / "django").chmod(0o640)
    backed_up(home, AT - timedelta(hours=27))
    assert codes(home).keys() == {"secrets_readable", "backup_old"}
    (home / take.LAST).unlink()
    assert codes(home).keys() == {"secrets_readable", "backup_none"}


@pytest.mark.parametrize(
    ("jurisdiction", "licence", "code"),
    [
        ("cn", "consumer_finance", ""),
        ("cn", "consumer-finance", "licence"),
        ("cn", "nbfc", "licence"),  # of another country
        ("atlantis", "consumer_finance", "jurisdiction"),
    ],
)
def test_a_law_that_no_rule_knows_is_named(settings, jurisdiction, licence, code):
    settings.JURISDICTION, settings.LICENCE = jurisdiction, licence
    found = safety.of_law()
    assert [each.code for each in found] == ([code] if code else [])
    for each in found:
        wrong = licence if code == "licence" else jurisdiction
        assert each.level == safety.UNSAFE
        assert f"DAIHOU_{code.upper()}={wrong} " in each.words
        assert ("consumer_finance" if code == "licence" else "cn") in each.words


@pytest.mark.django_db(transaction=True)
def test_the_command_finds_logins_of_the_demonstration(monkeypatch, home):
    for name, value in (SAFE | {"DATABASE_URL": world.url()}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DAIHOU_HOME", str(home))
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")

    def checked(*words):
        with clock.standing_at(AT):
            return CliRunner().invoke(cli.daihou, ["check", *words])

    told = checked()
    assert told.exit_code == 0, told.output
    # The server of the tests has but one login, which may do everything in it.
    advice, done = told.output.splitlines()
    assert advice.startswith("advice [database_superuser] ")
    assert done == "Nothing unsafe was found."
    people.demo_logins(at=AT)
    told = checked("--json")
    assert told.exit_code == 1, told.output
    listed = json.loads(told.output)
    found = {each["code"]: each["level"] for each in listed["findings"]}
    assert found.pop("database_superuser") == safety.ADVICE
    assert found == {"demo_logins": safety.UNSAFE}
    assert "collector" in listed["findings"][0]["words"]
    assert not listed["safe"]
