"""Every background job, imported so that the worker knows it."""
