"""Faces: what people and other systems see."""
