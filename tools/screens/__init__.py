"""A real browser: lessons as a learner sees them."""
