"""The output of a build: collected, packed and uploaded after every process of the build is gone."""
