"""Made-up secrets for the measurement of the check `secrets`."""
