"""The lessons as a site to read without installing anything."""
