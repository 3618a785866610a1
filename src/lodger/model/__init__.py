"""What everything in Lodger speaks in: schemas, and frozen dataclasses."""
