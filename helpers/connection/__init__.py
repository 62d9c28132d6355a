"""Which service is called, with which key, and the client for it."""
