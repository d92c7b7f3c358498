"""The prepare step: from an OSM extract to frozen arrays; nothing here runs in the server."""
