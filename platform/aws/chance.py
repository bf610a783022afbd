"""Chance, for those who wait until others are done."""

from random import SystemRandom

CHANCE = SystemRandom()
"""Unlike Python's own, it is another one in each environment that starts from the same snapshot."""
