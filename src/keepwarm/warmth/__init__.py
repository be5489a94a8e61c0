"""Warmth: what heat, power and weather do to rooms and pipes. Pure functions over arrays.

Arrays are (3, groups), the band first (low cools soonest); pipes add an axis of places. Many
samples stand between band and groups, (3, samples, groups), constants then as (3, 1, groups). The
band, the formulas and what they leave out stand in ``docs/rooms/warmth.md``. Import from the
modules: ``rooms`` (5R1C), ``crossing`` (times within a step), ``pipes``, ``curve``, ``norms``.
"""
