"""What the kit says of the outside world, held against the calendar and the web."""
