"""The one Django app; it registers the start-up checks."""

from django.apps import AppConfig


class YangguangConfig(AppConfig):
    name = "yangguang"
    verbose_name = "阳光招生"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from yangguang import checks  # noqa: F401  registers the checks
