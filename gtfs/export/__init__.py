"""Giving our own service to the world: GTFS-Flex, plain GTFS for planners without Flex, GTFS-Realtime.

Nothing here knows areas, plans or riders: the shells fill the small frozen classes of
:mod:`gtfs.export.service` and :mod:`gtfs.export.realtime`.
"""
