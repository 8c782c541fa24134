"""The output of commands: terminal, report files, and annotations for GitHub Actions."""
