"""The wing that reads a ChatKit project and heals it. It never runs what it reads."""
