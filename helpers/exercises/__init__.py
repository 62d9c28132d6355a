"""Exercises: their checks, the record of what is done, the overview."""
