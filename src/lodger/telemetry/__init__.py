"""From bytes to typed record batches: finding what lies under a path, and reading every known format."""
