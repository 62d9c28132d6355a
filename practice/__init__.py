"""The practice service: an OpenAI-compatible API with a small real model, on this computer.

Nothing is imported here, so that ``from practice.process import launcher`` stays cheap.
"""

__version__ = "0.5.0"
