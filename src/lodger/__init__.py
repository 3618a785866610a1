"""Lodger: keeps the whole life of every program on every host, and ranks the lives by the evidence in them."""
