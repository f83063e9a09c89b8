"""Hardware keys, one contract for two devices: the software key and Chromium's virtual authenticator."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Page
from webauthn.helpers import base64url_to_bytes, parse_attestation_object

from yangguang.gateways.attestation import Maker, claimed_aaguid
from yangguang.gateways.ciphers import sm3
from yangguang.gateways.keys import Challenge, WebAuthnKeys
from yangguang.rules.base.refusals import StepUpRequired
from yangguang.simulation.soft_key import FIRST, LAST, MAKER, SoftKey

ORIGIN = "http://localhost:8000"
KEYS = WebAuthnKeys(ORIGIN, [MAKER])


class Chromium:
    """Chromium's virtual authenticator behind the same two verbs as `SoftKey`."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        page.goto(origin)
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        self.plug_in()

    def plug_in(self, **traits: object) -> None:
        device = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
        self.session.send("WebAuthn.addVirtualAuthenticator", {"options": device | traits})

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        script = """async o => (await navigator.credentials.create({publicKey:
            PublicKeyCredential.parseCreationOptionsFromJSON(o)})).toJSON()"""
        return self.page.evaluate(script, options)

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        script = """async o => (await navigator.credentials.get({publicKey:
            PublicKeyCredential.parseRequestOptionsFromJSON(o)})).toJSON()"""
        return self.page.evaluate(script, options)


@pytest.fixture
def localhost() -> Iterator[str]:
    """A secure context in the sense of the browser: an empty page on http://localhost."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<!doctype html><title>key</title>"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


def trusting(key: Any, answer: dict[str, Any]) -> WebAuthnKeys:
    """A gateway that trusts the make of this device; Chromium's is known from the certificate it shows."""
    if isinstance(key, SoftKey):
        return KEYS
    attestation = parse_attestation_object(base64url_to_bytes(answer["response"]["attestationObject"]))
    root = base64.encodebytes(attestation.att_stmt.x5c[-1])
    pem = b"-----BEGIN CERTIFICATE-----\n" + root + b"-----END CERTIFICATE-----\n"
    return WebAuthnKeys(key.origin, [Maker(claimed_aaguid(answer), "Chromium", (pem,))])


@pytest.fixture(params=["soft", pytest.param("chromium", marks=pytest.mark.browser)])
def key(request: pytest.FixtureRequest) -> Any:
    if request.param == "soft":
        return SoftKey(b"seed", ORIGIN)
    return Chromium(request.getfixturevalue("page"), request.getfixturevalue("localhost"))


def root_by_another_hand() -> bytes:
    """A root certificate with the very name of the soft keys' maker, and another key."""
    name = x509.load_pem_x509_certificate(MAKER.roots[0]).subject
    secret = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder(name, name, secret.public_key(), 1, FIRST, LAST)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
    return builder.sign(secret, SHA256()).public_bytes(Encoding.PEM)


def test_a_registered_key_signs_a_content_and_its_count_grows(key: Any) -> None:
    challenge = KEYS.registration_options(b"account", "县教育局·演示")
    answer = key.register(challenge.options)
    keys = trusting(key, answer)
    new = keys.verify_registration(answer, challenge.challenge)

    assert keys.credential(answer["id"]) == new.credential_id

    to_sign = keys.challenge_for(b"publish round 1", [new.credential_id])
    first = keys.verify(key.sign(to_sign.options), to_sign.challenge, new.public_key, new.sign_count)

    assert first is not None
    assert first > new.sign_count
    other = keys.challenge_for(b"publish round 2", [new.credential_id])
    signed = key.sign(other.options)

    assert keys.verify(signed, to_sign.challenge, new.public_key, first) is None
    assert keys.verify(signed, other.challenge, new.public_key, 10**6) is None, "a copied key"
    assert keys.verify(signed, other.challenge, new.public_key, first) is not None


def test_a_key_whose_maker_is_not_on_the_list_is_refused(key: Any) -> None:
    challenge = KEYS.registration_options(b"account", "演示")
    with pytest.raises(StepUpRequired, match="不在准用目录内"):
        WebAuthnKeys(key.origin, []).verify_registration(key.register(challenge.options), challenge.challenge)


def test_a_certificate_that_does_not_lead_to_the_makers_root_is_refused(key: Any) -> None:
    challenge = KEYS.registration_options(b"account", "演示")
    answer = key.register(challenge.options)
    keys = WebAuthnKeys(key.origin, [Maker(claimed_aaguid(answer), "冒名", (root_by_another_hand(),))])
    with pytest.raises(StepUpRequired, match="没有通过验证"):
        keys.verify_registration(answer, challenge.challenge)


@pytest.mark.browser
def test_chromiums_device_that_may_be_backed_up_is_refused(page: Page, localhost: str) -> None:
    key = Chromium(page, localhost)
    key.session.send("WebAuthn.disable")
    key.session.send("WebAuthn.enable")
    key.plug_in(defaultBackupEligibility=True)
    challenge = KEYS.registration_options(b"account", "演示")
    answer = key.register(challenge.options)
    with pytest.raises(StepUpRequired, match="可以备份到别处"):
        trusting(key, answer).verify_registration(answer, challenge.challenge)


def registered(key: SoftKey) -> tuple[Challenge, dict[str, Any]]:
    challenge = KEYS.registration_options(b"account", "演示")
    return challenge, key.register(challenge.options)


def test_the_options_ask_for_certificate_pin_and_a_separate_device() -> None:
    options = KEYS.registration_options(b"account", "演示").options

    assert options["attestation"] == "direct"
    chosen = options["authenticatorSelection"]

    assert (chosen["userVerification"], chosen["authenticatorAttachment"]) == ("required", "cross-platform")
    assert KEYS.challenge_for(b"x", [b"old"]).options["userVerification"] == "required"


def test_a_key_without_pin_is_refused_at_registration_and_at_signing() -> None:
    challenge, answer = registered(SoftKey(b"seed", ORIGIN, verified=False))
    with pytest.raises(StepUpRequired, match="PIN"):
        KEYS.verify_registration(answer, challenge.challenge)
    challenge, answer = registered(SoftKey(b"seed", ORIGIN))
    new = KEYS.verify_registration(answer, challenge.challenge)
    to_sign = KEYS.challenge_for(b"act", [new.credential_id])
    careless = SoftKey(b"seed", ORIGIN, verified=False).sign(to_sign.options)

    assert KEYS.verify(careless, to_sign.challenge, new.public_key, 0) is None


def test_a_key_that_may_be_copied_is_refused() -> None:
    challenge, answer = registered(SoftKey(b"seed", ORIGIN, backup_eligible=True))
    with pytest.raises(StepUpRequired, match="可以备份到别处"):
        KEYS.verify_registration(answer, challenge.challenge)


def test_a_key_that_vouches_for_itself_is_refused() -> None:
    challenge = KEYS.registration_options(b"account", "演示")
    answer = SoftKey(b"seed", ORIGIN).register(challenge.options, chain=False)
    with pytest.raises(StepUpRequired, match="没有出示该型号厂家的证书"):
        KEYS.verify_registration(answer, challenge.challenge)


def test_a_key_that_claims_another_model_of_a_trusted_root_is_refused() -> None:
    other = bytes(15) + b"\x07"
    challenge = KEYS.registration_options(b"account", "演示")
    answer = SoftKey(b"seed", ORIGIN).register(challenge.options, model=other)
    keys = WebAuthnKeys(ORIGIN, [Maker(claimed_aaguid(answer), "别的型号", MAKER.roots)])
    with pytest.raises(StepUpRequired, match="没有出示该型号厂家的证书"):
        keys.verify_registration(answer, challenge.challenge)


def test_a_model_without_a_root_is_never_taken() -> None:
    challenge, answer = registered(SoftKey(b"seed", ORIGIN))
    with pytest.raises(StepUpRequired, match="不在准用目录内"):
        WebAuthnKeys(ORIGIN, [Maker(MAKER.aaguid, "无根", ())]).verify_registration(answer, challenge.challenge)


@pytest.mark.parametrize("origin", ["http://localhost:8001", "https://localhost:8000", "http://evil.localhost:8000"])
def test_an_answer_given_to_another_site_is_refused(origin: str) -> None:
    challenge, answer = registered(SoftKey(b"seed", origin))
    with pytest.raises(StepUpRequired, match="没有通过验证"):
        KEYS.verify_registration(answer, challenge.challenge)


def test_an_answer_to_another_challenge_is_refused() -> None:
    _, answer = registered(SoftKey(b"seed", ORIGIN))
    with pytest.raises(StepUpRequired, match="没有通过验证"):
        KEYS.verify_registration(answer, b"x" * 32)


def test_the_challenge_is_bound_to_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.urandom", lambda size: b"n" * size)
    assert KEYS.challenge_for(b"act", []).challenge == sm3(b"n" * 16 + b"act")


def test_another_key_cannot_sign_in_its_place() -> None:
    challenge, answer = registered(SoftKey(b"seed", ORIGIN))
    new = KEYS.verify_registration(answer, challenge.challenge)
    to_sign = KEYS.challenge_for(b"act", [new.credential_id])

    assert KEYS.verify(SoftKey(b"thief", ORIGIN).sign(to_sign.options), to_sign.challenge, new.public_key, 0) is None


def test_the_same_seed_is_the_same_key_after_a_restart() -> None:
    challenge, answer = registered(SoftKey(b"seed", ORIGIN))
    new = KEYS.verify_registration(answer, challenge.challenge)
    to_sign = KEYS.challenge_for(b"act", [new.credential_id])
    later = SoftKey(b"seed", ORIGIN, sign_count=41).sign(to_sign.options)

    assert KEYS.verify(later, to_sign.challenge, new.public_key, 41) == 42


@pytest.mark.parametrize("answer", [{}, {"response": {}}, {"response": None}, {"response": {"attestationObject": "!"}}])
def test_rubbish_is_refused_without_a_crash(answer: dict[str, Any]) -> None:
    with pytest.raises(StepUpRequired):
        KEYS.verify_registration(answer, b"")
    assert KEYS.verify(answer, b"", b"", 0) is None


@pytest.mark.parametrize("text", ["", "a", None, 7])
def test_a_credential_id_that_is_none_is_empty(text: Any) -> None:
    assert KEYS.credential(text) == b""
