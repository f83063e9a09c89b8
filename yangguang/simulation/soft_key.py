"""A software authenticator that answers as a hardware key does, for the demonstration and the tests.

Its answers go through the same checks as those of hardware. The private key of its maker's root follows from this
file, so anyone can make such keys: only the settings of the demonstration name the gateway that accepts them.
"""

import json
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings
from webauthn.helpers import bytes_to_base64url, encode_cbor

from yangguang.gateways.attestation import AAGUID, OCTETS_OF_16, Maker, makers_in
from yangguang.gateways.keys import WebAuthnKeys

Json = dict[str, Any]
CURVE = ec.SECP256R1()
MODEL = bytes.fromhex("79616e67677561006465006d6f000001")
ROOT = "演示优盾根证书"
PRESENT, VERIFIED, BACKUP_ELIGIBLE, ATTESTED = 0x01, 0x04, 0x08, 0x40
FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


class SoftKey:
    """One key. The same seed gives the same key, so a restarted demonstration still has its officers' keys.

    Args:
        seed: secret of the key; in the demonstration the officer's log-in name.
        origin: of the site it answers to.
        sign_count: uses so far, as stored with the registered key.
        verified: False stands for a holder who did not enter the PIN.
        backup_eligible: True stands for a key that may be copied to a cloud.
    """

    def __init__(
        self, seed: bytes, origin: str, *, sign_count: int = 0, verified: bool = True, backup_eligible: bool = False
    ) -> None:
        self._secret = _secret(b"key" + seed)
        self.credential_id = sha256(b"credential" + seed).digest()
        self.origin, self.sign_count = origin, sign_count
        self._flags = PRESENT | (VERIFIED if verified else 0) | (BACKUP_ELIGIBLE if backup_eligible else 0)

    def register(self, options: Json, *, chain: bool = True, model: bytes = MODEL) -> Json:
        """Answer `registration_options` as a browser with this key would.

        Args:
            options: the JSON options.
            chain: False leaves the maker's certificate out ("self attestation").
            model: the model it claims to be, 16 bytes.
        """
        client = self._client("webauthn.create", options["challenge"])
        public = self._secret.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        size = len(self.credential_id).to_bytes(2, "big")
        data = self._data(options["rp"]["id"], ATTESTED) + model + size + self.credential_id + encode_cbor(cose)
        signer = _secret(b"maker") if chain else self._secret
        statement: Json = {"alg": -7, "sig": _sign(signer, data, client)}
        if chain:
            statement["x5c"] = [_leaf()]
        attestation = encode_cbor({"fmt": "packed", "attStmt": statement, "authData": data})
        return self._answer(client, attestationObject=attestation)

    def sign(self, options: Json) -> Json:
        """Answer `challenge_for` as a browser with this key would; counts one use."""
        self.sign_count += 1
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(options["rpId"], 0)
        signature = _sign(self._secret, data, client)
        return self._answer(client, authenticatorData=data, signature=signature)

    def _data(self, site: str, flags: int) -> bytes:
        return sha256(site.encode()).digest() + bytes([self._flags | flags]) + self.sign_count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, client: bytes, **response: bytes) -> Json:
        name = bytes_to_base64url(self.credential_id)
        parts = {"clientDataJSON": client, **response}
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {},
            "response": {key: bytes_to_base64url(value) for key, value in parts.items()},
        }


def _secret(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """A P-256 key out of a seed; the top bit is cleared, which keeps the number below the curve's order."""
    return ec.derive_private_key(int.from_bytes(sha256(b"yangguang-soft-key" + seed).digest(), "big") >> 1, CURVE)


def _sign(secret: ec.EllipticCurvePrivateKey, data: bytes, client: bytes) -> bytes:
    return secret.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "演示"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Authenticator Attestation"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(common: str, seed: bytes, extension: x509.ExtensionType, *, critical: bool) -> x509.Certificate:
    builder = x509.CertificateBuilder(_name(ROOT), _name(common), _secret(seed).public_key(), 1, FIRST, LAST)
    return builder.add_extension(extension, critical=critical).sign(_secret(b"root"), SHA256())


@cache
def _leaf() -> bytes:
    model = x509.UnrecognizedExtension(AAGUID, OCTETS_OF_16 + MODEL)
    return _certificate("演示优盾", b"maker", model, critical=False).public_bytes(Encoding.DER)


def _root() -> bytes:
    authority = x509.BasicConstraints(ca=True, path_length=0)
    return _certificate(ROOT, b"root", authority, critical=True).public_bytes(Encoding.PEM)


MAKER = Maker("79616e67-6775-6100-6465-006d6f000001", "演示软件钥匙", (_root(),))


class DemonstrationKeys(WebAuthnKeys):
    """The gateway of the demonstration: accepts soft keys beside the models in `settings.KEY_MAKERS`."""

    def __init__(self) -> None:
        super().__init__(makers=(*makers_in(settings.KEY_MAKERS), MAKER))
