"""What people ask for in the comments of pull requests: who may, what is done, and what they are answered."""
