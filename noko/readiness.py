"""What must be set before the site may serve people, each with its cure."""

from django.conf import settings

from noko.core.refusal import Problem, Refusal


def problems(*, administrators: int) -> list[Problem]:
    """What is missing in production; ``administrators`` is how many can sign in today."""
    missing = []
    if not settings.PRODUCTION_KEY:
        missing.append(
            Problem(
                "Не задан секретный ключ.",
                "Задайте переменную NOKO_SECRET_KEY, не короче 50 знаков; новый ключ печатает "
                "команда «noko administrator key».",
            )
        )
    if not settings.HOST:
        missing.append(
            Problem(
                "Не задано имя сайта.",
                "Задайте переменную NOKO_HOST, например NOKO_HOST=noko.example.ru",
            )
        )
    if not administrators:
        missing.append(
            Problem(
                "В базе данных нет ни одного администратора.",
                "Выполните: noko administrator create --email адрес --name «Фамилия Имя Отчество»",
            )
        )
    folder = settings.DOCUMENT_TEMPLATES
    if folder and not folder.is_dir():
        missing.append(
            Problem(
                f"Папки с шаблонами документов «{folder}» нет.",
                "Создайте её командой «noko documents templates» или уберите переменную "
                "NOKO_TEMPLATES.",
            )
        )
    return missing


def require() -> None:
    """Refuses to serve production until everything is set; the demonstration is always ready."""
    if settings.DEMO:
        return
    from noko.access.loading import administrators
    from noko.demo import DOMAIN
    from noko.models import Person

    missing = problems(administrators=administrators())
    if Person.objects.filter(email__endswith=f"@{DOMAIN}").exists():
        missing.append(
            Problem(
                "В базе данных есть демонстрационные пользователи: их пароль известен всем.",
                "Назовите в переменной DATABASE_URL другую базу, без демонстрационных данных.",
            )
        )
    if missing:
        raise Refusal("Сайт не запущен: не всё задано.", kind="not_ready", problems=missing)
