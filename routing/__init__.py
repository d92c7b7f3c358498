"""Roads: OSM extract to road graph, travel times, snapping, paths, address search."""
