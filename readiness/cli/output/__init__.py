"""What commands print and write: the terminal, files of reports, and annotations of GitHub Actions."""
