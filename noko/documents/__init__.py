"""Documents that leave the system as files, one module for each."""
