"""What a class needs, reckoned from measured figures."""
