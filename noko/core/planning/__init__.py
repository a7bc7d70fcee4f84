"""The annual plan: terms in Russian, working days, rows of a table, the plan's own logic. Pure."""
