"""The technician's pages: how the machine is, what is on its way to the city, devices, and what was done."""
