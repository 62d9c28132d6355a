"""Measurements behind every number this project states; run by `python3 kit.py bench`."""
