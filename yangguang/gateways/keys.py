"""Hardware keys (优盾) over WebAuthn: which keys are accepted, and when a signature holds. (T2.09)

Stricter than the library's defaults: the maker must be known, the certificate must chain to the maker's root, the
key must verify its PIN, and a key that can be backed up is refused. A challenge is bound to the signed content, so a
signature for one act is valid for no other.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorAttachment,
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from yangguang.rules.base.refusals import StepUpRequired

from .attestation import Maker, certificate, claimed_aaguid, makers_in, model_of
from .ciphers import sm3

NONCE = 16
BOUND_TO_DEVICE = CredentialDeviceType.SINGLE_DEVICE


@dataclass(frozen=True)
class Challenge:
    """`challenge` is stored, the JSON `options` are for the browser's `navigator.credentials`."""

    challenge: bytes
    options: dict[str, object]


@dataclass(frozen=True)
class NewKey:
    """A key that passed registration; `maker` is the name of its model."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    aaguid: str
    maker: str


class WebAuthnKeys:
    """Registration of keys, and signatures over a content; the demonstration's gateway only accepts another maker.

    Args:
        origin: scheme, host and port of the site; from the settings when None.
        makers: the accepted models; from the settings when None.
    """

    def __init__(self, origin: str | None = None, makers: Sequence[Maker] | None = None) -> None:
        from django.conf import settings

        self.origin = settings.PUBLIC_URL.rstrip("/") if origin is None else origin
        self.site = urlsplit(self.origin).hostname or ""
        accepted = makers_in(settings.KEY_MAKERS) if makers is None else makers
        self.makers = {maker.aaguid: maker for maker in accepted}

    def registration_options(self, user: bytes, name: str) -> Challenge:
        """Options for the registration of a new key.

        Args:
            user: opaque handle of the account, at most 64 bytes, nothing personal.
            name: displayed by the browser.
        """
        options = generate_registration_options(
            rp_id=self.site,
            rp_name="阳光招生",
            user_id=user,
            user_name=name,
            challenge=os.urandom(32),
            attestation=AttestationConveyancePreference.DIRECT,
            authenticator_selection=AuthenticatorSelectionCriteria(
                authenticator_attachment=AuthenticatorAttachment.CROSS_PLATFORM,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        return Challenge(options.challenge, options_to_json_dict(options))

    def verify_registration(self, answer: Mapping[str, object], challenge: bytes) -> NewKey:
        """Verify a new key.

        Args:
            answer: `PublicKeyCredential.toJSON()` of the browser.
            challenge: of `registration_options`.
        Raises:
            StepUpRequired: unknown maker, wrong certificate, no PIN, a key that can be backed up, or another challenge.
        """
        try:
            maker = self.makers.get(claimed_aaguid(answer))
            if maker is None or not maker.roots:
                raise StepUpRequired("这种型号的优盾不在准用目录内", now="请使用统一发放的优盾")
            verified = verify_registration_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self.site,
                expected_origin=self.origin,
                require_user_verification=True,
                pem_root_certs_bytes_by_fmt={AttestationFormat.PACKED: list(maker.roots)},
            )
            attested_by = certificate(answer)
        except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
            # The cause is only in the log: the officer cannot act on it.
            raise StepUpRequired("优盾登记没有通过验证", now="请重新插入优盾，输入 PIN 后重试") from error
        if attested_by is None or model_of(attested_by) not in (None, maker.aaguid):
            raise StepUpRequired("优盾没有出示该型号厂家的证书", now="请使用统一发放的优盾")
        if verified.credential_device_type is not BOUND_TO_DEVICE:
            raise StepUpRequired("这把优盾的密钥可以备份到别处，不能使用", now="请使用统一发放的优盾")
        return NewKey(
            verified.credential_id, verified.credential_public_key, verified.sign_count, verified.aaguid, maker.name
        )

    def challenge_for(self, content: bytes, credentials: Sequence[bytes]) -> Challenge:
        """Options for a signature over `content`: the challenge is SM3(nonce ‖ content).

        Args:
            content: canonical bytes of the act and its arguments.
            credentials: ids of the keys that may sign.
        """
        options = generate_authentication_options(
            rp_id=self.site,
            challenge=sm3(os.urandom(NONCE) + content),
            allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in credentials],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return Challenge(options.challenge, options_to_json_dict(options))

    def credential(self, text: str) -> bytes:
        """The credential id in the browser's answer; b"" when it is not base64url."""
        try:
            return base64url_to_bytes(text) if isinstance(text, str) else b""
        except ValueError:
            return b""

    def verify(self, answer: Mapping[str, object], challenge: bytes, public_key: bytes, sign_count: int) -> int | None:
        """Verify a signature.

        Args:
            answer: `PublicKeyCredential.toJSON()` of the browser.
            challenge: of `challenge_for`.
            public_key: of the registered key (COSE).
            sign_count: of its last use; a counter that does not grow means a copied key.
        Returns:
            the sign count to store; None when the signature is not valid, for any reason.
        """
        try:
            verified = verify_authentication_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self.site,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
            return None
        return verified.new_sign_count if verified.credential_device_type is BOUND_TO_DEVICE else None
