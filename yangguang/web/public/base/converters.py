"""Converters of addresses: `<day:…>` and `<form:…>`."""

from datetime import date

from django.urls import register_converter
from django.urls.converters import StringConverter


class DayConverter:
    """2024-08-28 in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"
    to_python = staticmethod(date.fromisoformat)
    to_url = staticmethod(date.isoformat)


class FormConverter(StringConverter):
    """The forms of a file."""

    regex = "csv|json"


register_converter(DayConverter, "day")
register_converter(FormConverter, "form")
