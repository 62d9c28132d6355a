"""The hub of a class: its environment, its handout, and its start."""
