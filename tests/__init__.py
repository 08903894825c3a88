"""What we claim, a folder for each claim; README.md lists them."""
