"""The model of a care pathway, its checks on construction, and the pure readings: decide and explain."""
