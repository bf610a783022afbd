"""The other side of the benchmarks: what people use otherwise, pinned in package-lock.json."""
