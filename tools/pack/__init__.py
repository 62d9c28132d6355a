"""The kit with everything it needs, for computers without a network."""
