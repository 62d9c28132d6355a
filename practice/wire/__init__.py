"""What goes over the wire: requests and replies, and refusals in the words of the API."""
