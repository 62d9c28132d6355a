"""Sets the kit up: environment, packages, kernel, practice model."""
