"""Benchmarks of the live core, beside the stock libraries and beside Node. `make bench`, or `bench/run.py
--help`."""
