"""A small client for the few services of AWS that a push waits for: botocore takes longer to load than all the rest."""
