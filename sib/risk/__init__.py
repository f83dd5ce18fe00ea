"""What if: distributions, simulation, sensitivity, measurement risk, and terms that can be signed."""
