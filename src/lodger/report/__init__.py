"""The report: one HTML file that opens anywhere, needs no network, and trusts nothing that comes from a log."""
