"""Measures Battleshiper against what people use otherwise, both sides in the same run on the same machine."""
