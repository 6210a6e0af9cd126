"""How fast the live core is, beside stock and beside Node. `make bench`, or `bench/run.py --help`."""
