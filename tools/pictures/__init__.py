"""The pictures of the lessons: drawn, with what stands in them, and scored."""
