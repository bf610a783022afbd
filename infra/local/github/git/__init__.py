"""What the stand-in asks git about its bare repositories. Names reach git as data, never as options or patterns."""
