"""Deeds: the only writers of what the law knows.

Each is ``verb(*, thing, …, by, now)``: atomic, checks lawfulness, returns the object. An expected
"no" is a :class:`~noko.core.refusal.Refusal`. Two people who act at once are told apart by the
database alone: a unique constraint or an update with a condition, never read-then-write.
"""
