"""Converters of addresses: `<day:…>` and `<form:…>`."""

from datetime import date

from django.urls import register_converter


class DayConverter:
    """2024-08-28 in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class FormConverter:
    """The forms of a file."""

    regex = "csv|json"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(DayConverter, "day")
register_converter(FormConverter, "form")
