"""Run the lessons against the real provider in .env, and count what it costs."""
