"""Answers that a learner cannot cause at home, each said to be simulated."""
