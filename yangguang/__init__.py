"""Yangguang (阳光招生): the unified admission platform for secondary vocational education."""
