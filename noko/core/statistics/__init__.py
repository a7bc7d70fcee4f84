"""The second layer beside the official score: it changes no score and deletes no answer."""
