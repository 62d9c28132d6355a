"""Trying something out: an error that is meant to come, other settings, a folder on the web."""
