"""Tokens that nobody issued, or not for this app, or not for now."""

import base64
import json
import time

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests import login
from tests.hostile.target import KEY, KID, ORIGIN, Target, refused, token
from tests.running import body

pytestmark = pytest.mark.matrix
STRANGER = rsa.generate_private_key(65537, 2048)


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def with_header(header: dict[str, object], signature: str = "") -> str:
    """A good token's claims under another header."""
    return f"{encoded(header)}.{token().split('.')[1]}.{signature}"


def public_key_as_secret(key: bytes) -> str:
    unsigned = with_header({"alg": "HS256", "typ": "JWT", "kid": KID}).rstrip(".")
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return f"{unsigned}.{jwt.utils.base64url_encode(mac.sign(unsigned.encode(), key)).decode()}"


PUBLIC = KEY.public_key()
GOOD = token()
HEADER, CLAIMS, SIGNATURE = GOOD.split(".")
FORGED = {
    "signed by a stranger": jwt.encode({}, STRANGER, "RS256", {"kid": KID}),
    "signed by a stranger, all claims right": jwt.encode(
        jwt.decode(GOOD, options={"verify_signature": False}), STRANGER, "RS256", {"kid": KID}
    ),
    "alg none": with_header({"alg": "none", "kid": KID}),
    "alg None": with_header({"alg": "None", "kid": KID}),
    "alg none with a signature": with_header({"alg": "none", "kid": KID}, SIGNATURE),
    "no alg": with_header({"kid": KID}, SIGNATURE),
    "alg a list": with_header({"alg": ["RS256"], "kid": KID}, SIGNATURE),
    "public key as secret": public_key_as_secret(
        PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ),
    "public key as secret, binary": public_key_as_secret(
        PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ),
    "secret of the tests": login.token(),
    "empty secret": public_key_as_secret(b""),
    "other claims under a good signature": f"{HEADER}.{encoded({'sub': 'admin'})}.{SIGNATURE}",
    "a key of its own": with_header(
        {
            "alg": "RS256",
            "kid": KID,
            "jwk": jwt.algorithms.RSAAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True),
        },
        SIGNATURE,
    ),
    "a key elsewhere": with_header({"alg": "RS256", "jku": "http://127.0.0.1:1/"}, SIGNATURE),
    "kid a path": with_header({"alg": "RS256", "kid": "../../../dev/null"}, SIGNATURE),
    "kid SQL": with_header({"alg": "RS256", "kid": "' OR 1=1 --"}, SIGNATURE),
    "kid a list": with_header({"alg": "RS256", "kid": [KID]}, SIGNATURE),
    "kid unknown": with_header({"alg": "RS256", "kid": "unknown"}, SIGNATURE),
    "critical extension": with_header({"alg": "RS256", "kid": KID, "crit": ["x"]}, SIGNATURE),
    "expired": token(exp=time.time() - 60),
    "never ends": token(exp=None),
    "ends in words": f"{HEADER}.{encoded({'exp': 'never'})}.{SIGNATURE}",
    "not yet": token(nbf=time.time() + 3600),
    "another issuer": token(iss="https://login.example.evil/"),
    "no issuer": token(iss=None),
    "another audience": token(aud="shop"),
    "no audience": token(aud=None),
    "no subject": token(sub=None),
    "five parts": f"{GOOD}.x.y",
    "encrypted": "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAA.AAAA.AAAA",
    "twice": f"{GOOD} {GOOD}",
    "nested": base64.urlsafe_b64encode(b"[" * 5000).decode() + "..",
    "long": f"{GOOD}{'A' * 30_000}",
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_token_that_is_not_good_opens_nothing(app: Target, forged: str) -> None:
    headers = {"Authorization": f"Bearer {forged}", "Origin": ORIGIN}
    with httpx.Client(base_url=app.client.base_url, headers=headers) as client:

        def try_it() -> None:
            for response in (
                client.post("/chatkit", json=body("threads.list")),
                client.get("/session"),
            ):
                refused(response, 400, 401, 431)
                assert forged not in response.text
                if response.status_code == 401:
                    assert response.headers["access-control-allow-origin"] == ORIGIN

        assert forged not in app.said(try_it)


def test_a_token_counts_in_the_header_alone(app: Target) -> None:
    with httpx.Client(base_url=app.client.base_url) as client:
        assert client.get("/session", headers={"Authorization": f"Bearer {GOOD}"}).is_success
        refused(client.get("/session", params={"token": GOOD, "access_token": GOOD}), 401)
        refused(client.get("/session", headers={"Cookie": f"chatkit_user={GOOD}"}), 401)
        refused(client.get("/session", headers={"X-User-Id": "ann", "X-Forwarded-User": "a"}), 401)
        refused(client.get("/session", headers={"Authorization": f"Token {GOOD}"}), 401)
