"""The keys of a class: who has one, until when, and the file they stand in."""
