"""The journal of deeds: written in the same transaction as the deed, never changed."""
