"""Pages of the queue: its panel, the officer's counter, the end of a service, priority, calls from touchscreens."""
