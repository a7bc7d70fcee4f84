"""Somebody's published table, checked: ``checking.verify`` gives a :class:`Report`.

``columns`` says which column is which, ``table`` turns cells into numbers, ``interval`` knows what
a printed number stands for; ``rows``, ``means`` and ``order`` check lines, means of groups and
places; ``words`` says it in Russian, ``report`` as plain data.
"""
