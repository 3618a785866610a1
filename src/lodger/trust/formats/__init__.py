"""The formats whose signatures are verified: every module here declares one as ``FORMAT``."""
