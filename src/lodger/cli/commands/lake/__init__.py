"""What the case's lake holds, and how much of it is kept.

Old days can go, and many small files become one.
"""

EXAMPLE = "lodger lake info"
