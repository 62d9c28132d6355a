"""Text for people: broken into lines between words."""
