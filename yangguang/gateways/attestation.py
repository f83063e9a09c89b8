"""The attestation of a new hardware key: its model and its maker's certificate."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from webauthn.helpers import aaguid_to_string, base64url_to_bytes, parse_attestation_object
from webauthn.helpers.structs import AttestationFormat, AttestationObject

# The FIDO alliance's extension that carries the model in the maker's certificate.
AAGUID = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
OCTETS_OF_16 = b"\x04\x10"


@dataclass(frozen=True)
class Maker:
    """One accepted model of key.

    Args:
        aaguid: the model's identifier, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".
        name: of maker and model, for people.
        roots: the maker's root certificates, PEM; without one no key of this model is accepted.
    """

    aaguid: str
    name: str
    roots: tuple[bytes, ...]


@cache
def makers_in(folder: str) -> tuple[Maker, ...]:
    """The accepted models, one file each: "AAGUID name of maker and model.pem" with the maker's roots.

    Args:
        folder: "" for none; read once a process.
    Raises:
        ValueError: no such folder, a name without an AAGUID, or a file without a certificate.
    """
    if folder and not Path(folder).is_dir():
        raise ValueError(f"没有目录 {folder}")
    return tuple(_maker(path) for path in sorted(Path(folder).glob("*.pem"))) if folder else ()


def _maker(path: Path) -> Maker:
    aaguid, _, name = path.stem.partition(" ")
    try:
        roots = x509.load_pem_x509_certificates(path.read_bytes())
        if str(UUID(aaguid)) != aaguid:
            raise ValueError(aaguid)
    except ValueError as error:
        raise ValueError(f"{path.name} 应命名为“AAGUID 型号名称.pem”，内容是厂家根证书") from error
    return Maker(aaguid, name or aaguid, tuple(one.public_bytes(Encoding.PEM) for one in roots))


def claimed_aaguid(answer: Mapping[str, object]) -> str:
    """The AAGUID that the key claims, "" without one."""
    data = _attestation(answer).auth_data.attested_credential_data
    return aaguid_to_string(data.aaguid) if data else ""


def certificate(answer: Mapping[str, object]) -> x509.Certificate | None:
    """The attestation certificate; None for self-attestation and for formats other than "packed"."""
    attestation = _attestation(answer)
    if attestation.fmt != AttestationFormat.PACKED or not attestation.att_stmt.x5c:
        return None
    return x509.load_der_x509_certificate(attestation.att_stmt.x5c[0])


def model_of(maker: x509.Certificate) -> str | None:
    """The AAGUID in the certificate; None without the extension, which a maker of a single model may leave out.

    Source: WebAuthn Level 3, §8.2.1: a root used for several models needs the extension in each certificate.
    """
    try:
        value = maker.extensions.get_extension_for_oid(AAGUID).value
    except x509.ExtensionNotFound:
        return None
    octets = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
    return aaguid_to_string(octets[2:]) if octets[:2] == OCTETS_OF_16 and len(octets) == 18 else ""


def _attestation(answer: Mapping[str, Any]) -> AttestationObject:
    return parse_attestation_object(base64url_to_bytes(answer["response"]["attestationObject"]))
