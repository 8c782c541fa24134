"""What git history says about records: who brought them, who took them away, who changed what they cover."""
