"""The product beside its alternatives, in one run on one machine: ``make bench``."""
