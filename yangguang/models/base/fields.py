"""Field kinds used by every table: ids from the database, sealed personal data, blind indexes."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from yangguang.gateways import ciphers

# django-stubs' fields are generic, Django's are not.
if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class NewUuid(models.Func):
    """UUIDv7 from the database, so that bulk and raw inserts have public ids, too."""

    function = "yg_uuid7"
    output_field = models.UUIDField()


class Now(models.Func):
    """The database's clock with the practice shift; `clock.now()` reads the same function."""

    function = "yg_now"
    output_field = models.DateTimeField()


# Addresses contain public ids, never row numbers.
PublicId = partial(models.UUIDField, "公开编号", unique=True, editable=False, db_default=NewUuid())
RecordedAt = partial(models.DateTimeField, "记录时间", db_default=Now(), editable=False)


class Sealed:
    """A personal value at rest: printing it masks it, only `reveal()` opens it.

    Args:
        blob: the SM4-GCM bytes.
        place: "table.column", authenticated, so that a value copied into another column does not open.
        mask: from the value to what is displayed without a reason to see it.
    """

    __slots__ = ("blob", "mask", "place")

    def __init__(self, blob: bytes, place: str, mask: Callable[[str], str]) -> None:
        self.blob, self.place, self.mask = blob, place, mask

    def reveal(self) -> str:
        return ciphers.unseal(settings.DATA_KEYS, self.blob, self.place.encode()).decode()

    def __str__(self) -> str:
        return self.mask(self.reveal())

    def __repr__(self) -> str:
        return "<Sealed>"


def seal(place: str, text: str) -> bytes:
    """Encrypt `text` for the column `place` ("table.column"), for raw and bulk inserts."""
    return ciphers.seal(settings.DATA_KEYS, text.encode(), place.encode())


def blind(text: str) -> bytes:
    """Blind index (HMAC-SM3, 32 bytes) of a canonical value: equal for equal values, and reveals nothing else."""
    return ciphers.hmac_sm3(bytes.fromhex(settings.INDEX_KEY), text.encode())


def stars(text: str) -> str:
    return "＊＊＊" if text else ""


class SealedField(_Binary):
    """A text stored encrypted; reads give a `Sealed`, writes take a str."""

    def __init__(self, *args: Any, mask: Callable[[str], str] = stars, **kwargs: Any) -> None:
        self.mask = mask
        super().__init__(*args, **kwargs)

    @property
    def place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.mask is not stars:
            kwargs["mask"] = self.mask
        return name, path, args, kwargs

    def from_db_value(self, value: bytes | None, expression: object, connection: object) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), self.place, self.mask)

    def get_prep_value(self, value: object) -> object:
        if isinstance(value, Sealed):
            return value.blob
        return seal(self.place, value) if isinstance(value, str) else value


class BlindIndexField(_Binary):
    """The blind index (`blind`) of a value that is stored encrypted, for look-ups and uniqueness."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)
