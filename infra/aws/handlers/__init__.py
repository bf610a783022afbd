"""The entry points of our Lambda functions, a module each.

Each is a program's start: it reads the environment and puts its function together when it is imported, once for all
events that come to this environment, or before the snapshot that environments start from. None reads a secret then.
"""
