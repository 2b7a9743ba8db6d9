"""Paper: documents, their renderers, the spool and the devices. Knows nothing of kiosks."""
