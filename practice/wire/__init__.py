"""What goes over the wire: requests and replies, field by field, and refusals in the API's words."""
