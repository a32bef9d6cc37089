"""What tools/compare_builds.py is made of: inputs, the commands, the scripted day, and the normalised record of each."""
