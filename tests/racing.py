"""Several people who press a button at the same moment, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from noko.core.refusal import Refusal


def at_once(deed: Callable[[], Any], people: int = 4) -> tuple[list[Any], list[str]]:
    """What ``deed`` returned to those who succeeded, and the kinds of refusal of the others."""
    return one_each([deed] * people)


def one_each(deeds: Sequence[Callable[[], Any]]) -> tuple[list[Any], list[str]]:
    """The same where everybody does something else."""
    gate = Barrier(len(deeds))
    done: list[Any] = []
    refused: list[str] = []
    defects: list[BaseException] = []

    def act(deed: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=10)
            done.append(deed())
        except Refusal as refusal:
            refused.append(refusal.kind)
        except BaseException as error:
            defects.append(error)
        finally:
            connection.close()

    threads = [Thread(target=act, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert defects == []
    return done, refused
