"""One file per format; every module declares a ``READER`` and is found by being here."""
