"""Price paths, their files and the command; real crashes where their prices are at hand."""
