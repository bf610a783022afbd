"""What the platform on AWS would meet as it grows, by arithmetic and simulation. docs/scale.md tells what came out."""
