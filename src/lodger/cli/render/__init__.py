"""How results look: for people as tables and stories, for programs as JSON and CSV."""
