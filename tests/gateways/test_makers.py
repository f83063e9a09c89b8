"""The folder of models that are taken: one file each, named by the model's number; a muddled one stops the start."""

from pathlib import Path
from typing import Any

import pytest

from yangguang.checks import production_takes_some_hardware_key
from yangguang.gateways.attestation import makers_in
from yangguang.gateways.keys import WebAuthnKeys
from yangguang.simulation.soft_key import MAKER, SoftKey


def model(folder: Path, name: str = f"{MAKER.aaguid} 测试型号.pem", data: bytes = MAKER.roots[0]) -> str:
    (folder / name).write_bytes(data)
    return str(folder)


def test_a_model_in_the_folder_is_taken_and_named(tmp_path: Path, settings: Any) -> None:
    settings.DEMO, settings.KEY_MAKERS = False, model(tmp_path)
    keys = WebAuthnKeys("http://localhost:8000")
    challenge = keys.registration_options(b"account", "演示")
    new = keys.verify_registration(
        SoftKey(b"seed", "http://localhost:8000").register(challenge.options), challenge.challenge
    )

    assert (new.maker, new.aaguid) == ("测试型号", MAKER.aaguid)
    assert production_takes_some_hardware_key(None) == []


def test_without_a_folder_no_model_is_taken_and_the_check_says_so(settings: Any) -> None:
    settings.DEMO, settings.KEY_MAKERS = False, ""

    assert WebAuthnKeys("http://localhost:8000").makers == {}
    assert [fault.id for fault in production_takes_some_hardware_key(None)] == ["yangguang.E011"]
    settings.DEMO = True

    assert production_takes_some_hardware_key(None) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("某厂.pem", MAKER.roots[0]),
        (f"{MAKER.aaguid.upper()} 甲.pem", MAKER.roots[0]),
        (f"{MAKER.aaguid} 甲.pem", b""),
        (f"{MAKER.aaguid} 甲.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
    ],
)
def test_a_muddled_file_or_folder_is_named(tmp_path: Path, settings: Any, name: str, data: bytes) -> None:
    settings.DEMO, settings.KEY_MAKERS = False, model(tmp_path, name, data)
    with pytest.raises(ValueError, match="AAGUID"):
        makers_in(settings.KEY_MAKERS)

    assert [name in str(fault.msg) for fault in production_takes_some_hardware_key(None)] == [True]
    with pytest.raises(ValueError, match="没有目录"):
        makers_in(str(tmp_path / "nowhere"))
