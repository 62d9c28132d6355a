"""The eye: pictures of a request, taken in, read and put into words."""
