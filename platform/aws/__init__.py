"""What backends on AWS have in common."""
