"""Jobs whose worker was killed: given to another worker, nothing is lost and nothing done twice."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="noko.recovery.stalled", queueing_lock="stalled", pass_context=False)
async def retry_stalled(timestamp: int) -> None:
    """Every minute: jobs of workers that have been silent for half a minute are run again.

    Every job of ours bears being repeated: its action moves a status with a condition.
    """
    del timestamp
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
