"""The lake: what the sensors said, at rest in Delta tables, every file taken exactly once."""
