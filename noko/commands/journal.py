"""``noko journal``: the check of the chain, and the journal as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

from noko.core.journal import Sealed

FINDING = 1
SHOWN = 50

Out = typer.Argument(..., help="Куда записать: файл .csv.")


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Журнал действий: проверка целостности и выгрузка.")
    for deed in (verify, export):
        group.command()(deed)
    app.add_typer(group, name="journal")


def verify(
    head: str = typer.Option(
        "",
        "--head",
        help="Последняя контрольная сумма, записанная раньше: она должна найтись в журнале.",
    ),
) -> None:
    """Проверить, что в журнале ничего не изменено, не удалено и не вставлено.

    Печатает номер и контрольную сумму последней записи: сохраните их вне системы, тогда будет
    заметно и удаление записей с конца. Код 1 — цепочка нарушена.
    """
    _prepare()
    from noko.core.journal import Break, breaks
    from noko.queries import journal

    seen = _Seen()
    found: list[Break] = []
    for item in breaks(seen.watch(journal.chain(), head)):
        if len(found) < SHOWN:
            found.append(item)
    for item in found:
        number = f"№ {item.number}" if item.number else "без номера"
        typer.echo(f"Запись {number} (ключ {item.entry}): {item.message}.")
    if head and not seen.head:
        typer.echo(f"Записи с контрольной суммой {head} в журнале нет: записи с конца удалены.")
    if found or (head and not seen.head):
        raise typer.Exit(FINDING)
    typer.echo(f"Журнал цел. Записей: {seen.number}.")
    newest = journal.head()
    if newest:
        typer.echo(f"Последняя: № {newest[0]}, контрольная сумма {newest[1]}")


def export(out: Path = Out) -> None:
    """Выгрузить весь журнал в CSV, от первой записи к последней."""
    _prepare()
    from noko.exchange.journal import write_journal
    from noko.queries.journal import entries

    number = write_journal(out, entries().order_by("id"))
    typer.echo(f"Записей выгружено: {number}. Файл: {out}")


class _Seen:
    """Counts what passes by and remembers whether the noted digest was among it."""

    def __init__(self) -> None:
        self.number = 0
        self.head = False

    def watch(self, chain: Iterable[Sealed], head: str) -> Iterator[Sealed]:
        for item in chain:
            self.number += 1
            self.head = self.head or item.digest == head
            yield item


def _prepare() -> None:
    from noko.commands import site

    site.setup()
    from noko.database.preparing import prepare

    prepare()
