"""What a signature is worth, and when.

Who signed a file, whether that holds, and whom to believe when it was.
"""

EXAMPLE = "lodger trust verify collected/ --crl crls/"
