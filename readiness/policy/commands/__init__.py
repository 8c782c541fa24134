"""Finds the files of the repository that a command line runs, and those that these run, import and read in turn."""
