"""Connecting the platform to GitHub: an App is made from a manifest, and kept."""
