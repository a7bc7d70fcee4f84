"""What devices of ODK speak with: a list of forms, the form, what was filled in."""
