"""The two sectors: two departments run the platform together. (S23-1.06, R1.02)"""

from yangguang.rules.base.labels import Labelled


class Sector(Labelled):
    """Who governs a school: 教育局 (secondary vocational schools) or 人社局 (technician schools)."""

    EDUCATION = "education", "教育"
    LABOUR = "labour", "人社"
