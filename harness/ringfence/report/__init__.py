"""What a finding looks like: as data, as text, as a test to keep, as a picture, as a page."""
