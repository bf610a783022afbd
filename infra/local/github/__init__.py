"""A stand-in for GitHub on this machine: what a GitHub App sees of it, over HTTP and nothing else.

It plays the other side, so it shares no code with the rest of Battleshiper and imports none of it.
"""
