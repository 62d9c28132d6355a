"""The service over HTTP: who may ask, what is answered, and how it begins and ends."""
