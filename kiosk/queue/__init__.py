"""The queue of the counters: who is called next, and how the queue is shown."""
