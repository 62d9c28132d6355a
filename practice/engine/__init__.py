"""From a checked request to the words of a model."""
