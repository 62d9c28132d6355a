"""What is drawn: messages, tables, trees, charts, pictures."""
