"""Jobs of a killed worker."""

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from noko.jobs.rating import enqueue
from noko.jobs.recovery import retry_stalled
from noko.models import Calculation

pytestmark = pytest.mark.django_db(transaction=True)


def test_job_of_a_killed_worker_is_given_back_to_the_queue():
    enqueue(Calculation(pk=1))
    taken = ProcrastinateJob.objects.latest("id")  # other tests leave jobs of their own
    # A worker that was killed leaves a job that is being done by nobody.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [taken.pk])
    async_to_sync(retry_stalled.func)(0)
    taken.refresh_from_db()
    assert taken.status == "todo"
