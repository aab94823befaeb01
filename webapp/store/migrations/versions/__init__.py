"""The migrations, one file each, numbered in order; a landed one never changes."""
