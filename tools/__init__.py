"""Tools that make the kit: the notebook builder, the pictures, the measurements."""
