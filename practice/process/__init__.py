"""The service as a process: its settings, its files, its weights, and how it is started."""
