"""Makes the notebooks from the lessons, and compares."""
