"""The gateway of a class: its environment, its settings, and its start."""
