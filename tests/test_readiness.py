"""What production must have before it serves, and settings that are wrong."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from noko import readiness
from noko.core.refusal import Refusal
from noko.demo.people import create_people
from noko.settings import database, kept_secret


def test_readiness_names_everything_that_is_missing(settings: LazySettings):
    settings.PRODUCTION_KEY = settings.HOST = ""
    cures = [problem.cure for problem in readiness.problems(administrators=0)]
    assert len(cures) == 3
    for cure, word in zip(
        cures, ("NOKO_SECRET_KEY", "NOKO_HOST", "noko administrator create"), strict=True
    ):
        assert word in cure


def test_readiness_names_a_folder_of_templates_that_is_not_there(
    settings: LazySettings, tmp_path: Path
):
    settings.PRODUCTION_KEY, settings.HOST = "k" * 50, "noko.example.ru"
    settings.DOCUMENT_TEMPLATES = tmp_path
    assert readiness.problems(administrators=1) == []
    settings.DOCUMENT_TEMPLATES = tmp_path / "nothing"
    [problem] = readiness.problems(administrators=1)
    assert "nothing» нет" in problem.message


@pytest.mark.django_db
def test_readiness_refuses_production_without_an_administrator(settings: LazySettings):
    settings.PRODUCTION_KEY, settings.HOST = "k" * 50, "noko.example.ru"
    with pytest.raises(Refusal) as refused:
        readiness.require()
    assert refused.value.kind == "not_ready"
    assert [problem.message for problem in refused.value.problems] == [
        "В базе данных нет ни одного администратора."
    ]


@pytest.mark.django_db
def test_readiness_refuses_a_database_with_demonstration_people(settings: LazySettings):
    settings.PRODUCTION_KEY, settings.HOST = "k" * 50, "noko.example.ru"
    create_people(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(Refusal) as refused:
        readiness.require()
    assert [problem.message for problem in refused.value.problems] == [
        "В базе данных есть демонстрационные пользователи: их пароль известен всем."
    ]


def test_readiness_the_demonstration_needs_nothing(settings: LazySettings):
    settings.DEMO = True
    settings.PRODUCTION_KEY = settings.HOST = ""
    readiness.require()


def test_database_url_is_read_whole():
    found = database("postgresql://user:p%40ss@db.example.ru:5433/noko%20main", name="noko")
    assert (found["HOST"], found["PORT"], found["USER"]) == ("db.example.ru", "5433", "user")
    assert (found["PASSWORD"], found["NAME"]) == ("p@ss", "noko main")


@pytest.mark.parametrize("url", ["mysql://localhost/noko", "postgresql://localhost", "noko"])
def test_database_url_of_another_kind_is_refused(url: str):
    with pytest.raises(Refusal, match="DATABASE_URL"):
        database(url, name="noko")


def test_secret_is_made_once_and_closed_to_others(tmp_path: Path):
    first = kept_secret(tmp_path / "demo" / "secret")
    assert kept_secret(tmp_path / "demo" / "secret") == first
    assert (tmp_path / "demo" / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("NOKO_UPLOAD_MB", "много", "В переменной NOKO_UPLOAD_MB ожидается целое число"),
        ("NOKO_SECRET_KEY", "короткий", "Секретный ключ в переменной NOKO_SECRET_KEY короче 50"),
        ("DATABASE_URL", "mysql://localhost/noko", "Не удалось разобрать адрес базы данных"),
    ],
)
def test_settings_wrong_value_is_code_2_and_names_the_variable(
    name: str, value: str, message: str, tmp_path: Path
):
    command = [sys.executable, "-m", "noko.commands", "database", "status"]
    environment = os.environ | {"NOKO_HOME": str(tmp_path), name: value}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(message)
