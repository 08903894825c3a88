"""Every chain carries out what it is asked, and every action ends the same on all of them and the model."""
