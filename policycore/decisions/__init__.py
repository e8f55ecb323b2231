"""Decisions of people: waivers and attestations, who may make them, what they count for."""
