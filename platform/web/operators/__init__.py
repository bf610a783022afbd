"""The pages for those who run the platform. To everybody else there is nothing at their addresses."""
