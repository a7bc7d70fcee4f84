"""Background work: thin tasks, each calling one action. The worker (``noko work``) runs them.

A task is a function in a module of its subject, imported here so that the worker knows it. Its
name is fixed (``noko.<subject>.<deed>``): actions defer it by name, because the arrow points from
jobs to actions and never back::

    app.configure_task("noko.rating.calculate").defer(calculation_id=1)

The row of a deferred job lies in the caller's transaction: a deed that is rolled back leaves no
job.
"""

from noko.jobs import council, mail, rating, recovery, release, reminder, sweeping, wave, website

__all__ = [
    "council",
    "mail",
    "rating",
    "recovery",
    "release",
    "reminder",
    "sweeping",
    "wave",
    "website",
]
