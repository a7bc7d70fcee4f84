"""What processes have used, as Linux counts it: a rate depends on what else the machine does, this
hardly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noko.database import Cluster

_TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(root: int) -> float:
    """Of the living process ``root`` and of all that it has started."""
    parents: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # gone meanwhile
            continue
        own = int(stat.parent.name)
        parents.setdefault(int(fields[1]), []).append(own)
        spent[own] = (int(fields[11]) + int(fields[12])) / _TICK
    found, total = [root], 0.0
    while found:
        one = found.pop()
        total += spent.get(one, 0.0)
        found += parents.get(one, [])
    return total


def postmaster(cluster: Cluster) -> int:
    """The first process of the embedded database."""
    pid = cluster.log().parent / "data" / "postmaster.pid"
    return int(pid.read_text().splitlines()[0])
