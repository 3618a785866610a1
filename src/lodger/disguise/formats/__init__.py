"""One file per format; every module declares a ``FORMAT`` and is found by being here."""
