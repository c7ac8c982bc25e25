"""How true the driver statistics are, on surveys whose truth was planted: `python -m benchmarks.drivers`."""
