"""Where records and rosters are kept: the work tree and the commits of a repository."""
