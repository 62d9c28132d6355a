"""What is refused that no single field shows: models, combinations, schemas, patterns."""
