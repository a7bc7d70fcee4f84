"""Questionnaires to counts: one expression for one machine and for a cluster.

``counting.counted`` builds the query from the edition's questionnaire; ``results`` turns the rows
it gives into :class:`SurveyCounts` or a refusal that names what is wrong.
"""
