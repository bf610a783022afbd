"""The pages that people see: plain HTML, and no script."""
