"""One file per detector, with its SELECT beside it."""
