"""What arrives from sensors: packets, clocks, beats, linkage and sensor status."""
