"""`python -m lodger` is the command `lodger`."""

from lodger.cli import main

main()
