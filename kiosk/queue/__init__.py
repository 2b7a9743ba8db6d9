"""The queue of the counters: call order, estimated waits and the board."""
