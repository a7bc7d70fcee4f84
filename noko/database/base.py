"""Django's PostgreSQL back end on the embedded cluster: the server is started when first asked.

Named in ``DATABASES`` as ``noko.database``, with ``NOKO_CLUSTER`` (a folder) and, for tests,
``NOKO_THROWAWAY``. Host, port, user and password are taken from the cluster at each connection,
so a server that was killed is started again by the next request.
"""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from noko.database.cluster import Cluster


class DatabaseWrapper(base.DatabaseWrapper):
    """The ordinary PostgreSQL back end with an address found at the last moment."""

    def get_connection_params(self) -> dict[str, Any]:
        place = Path(self.settings_dict["NOKO_CLUSTER"])
        throwaway = bool(self.settings_dict.get("NOKO_THROWAWAY"))
        address = Cluster(place, throwaway=throwaway).ensure()
        self.settings_dict.update(
            HOST=address.host, PORT=address.port, USER=address.user, PASSWORD=address.password
        )
        return super().get_connection_params()
