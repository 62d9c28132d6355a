"""What was asked and what it would have cost."""
