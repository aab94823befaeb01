"""Signing in through an OpenID provider that answers wrongly, in every way that was thought of, over a real socket."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from joserfc.jwk import ECKey, OKPKey, RSAKey
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.clock import Clock
from support.pages import Page
from support.provider import CLIENT, MISSING, SECRET, Reply, StubProvider, document
from support.rigs import Rig
from support.teams import open_team

from webapp.settings import Oidc

MALFORMED = "The provider's answer can't be used: tell whoever looks after Slipway"
AWAY = "The provider can't be reached now: try again in a moment"
NO_PROOF = "The provider's answer does not prove who you are"
CODE = "The provider no longer knows this sign-in: start again"
NO_ROLE = "You are known, but have no role here: ask whoever looks after Slipway for one"

HUGE = "x" * 2_000_000
DEEP = b"[" * 200_000
NO_UTF8 = b'{"\xff\xfe": "\xc3\x28"}'
HALF = "\ud800"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rig, StubProvider]]:
    """One Slipway and its provider, for all of a module's tests."""
    with ExitStack() as stack:
        provider, upstream = StubProvider(), StubBuddy(answer=AS_DOCUMENTED)
        stack.callback(upstream.close)
        stack.callback(provider.close)
        oidc = Oidc(provider.issuer, CLIENT, SECRET, editors=frozenset({"slipway-editors"}))
        team = open_team(tmp_path_factory.mktemp("slipway"), upstream, Clock(), sign_in=frozenset({"oidc"}), oidc=oidc)
        stack.callback(team.parts.close)
        yield team, provider


@pytest.fixture
def provider(serving: tuple[Rig, StubProvider]) -> StubProvider:
    """The provider, right in everything, and known to nobody for long enough to be asked anew."""
    team, provider = serving
    team.clock.forward(days=1)
    provider.forget()
    return provider


@pytest.fixture
def team(serving: tuple[Rig, StubProvider], provider: StubProvider) -> Rig:
    return serving[0]


def shown(page: Page) -> tuple[int, list[str]]:
    return page.status, page.errors


def test_a_provider_that_is_right_lets_in(team: Rig, provider: StubProvider) -> None:
    browser = team.stranger()
    assert provider.sign_in(browser).status == 200
    assert "You are Ada, editor." in browser.get("/account").text


# What the provider answers in the place of all that it says of itself.
ANSWERS: dict[str, Reply] = {
    "a list": document([]),
    "a text": document("issuer"),
    "a number": document(7),
    "null": document(None),
    "nothing": document(b""),
    "html": document(b"<!doctype html><title>Sign in</title>"),
    "invalid utf-8": document(NO_UTF8),
    "nested beyond reason": document(DEEP),
    "a number of a million digits": document(b'{"issuer": ' + b"1" * 900_000 + b"}"),
    "NaN": document(b'{"issuer": NaN}'),
    "2 MB": document({"issuer": HUGE}),
    "compressed, but not so": (200, {"Content-Encoding": "gzip"}, b"plain"),
    "404": (404, {}, b"{}"),
    "403": (403, {}, b"{}"),
    "204": (204, {}, b""),
    "301": (301, {"Location": "/userinfo"}, b""),
    "302 elsewhere": (302, {"Location": "https://other.example.com/"}, b""),
    "302 to nowhere": (302, {"Location": "http://[::1"}, b""),
    "307 without an address": (307, {}, b""),
}
NOT_THERE: dict[str, Reply] = {
    "500": (500, {}, b"{}"),
    "503": (503, {"Retry-After": "soon"}, b"<h1>Back soon</h1>"),
    "429": (429, {}, b"{}"),
    "cut": (200, {"Content-Length": "500", "Connection": "close"}, b'{"issuer": "http'),
}


@pytest.mark.parametrize("reply", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_about_the_provider_that_is_none_is_a_sentence(
    team: Rig, provider: StubProvider, reply: Reply
) -> None:
    provider.replies["configuration"] = reply
    assert shown(provider.sign_in(team.stranger())) == (502, [MALFORMED])


@pytest.mark.parametrize("name", ["configuration", "keys", "token", "userinfo"])
@pytest.mark.parametrize("reply", NOT_THERE.values(), ids=NOT_THERE)
def test_a_provider_that_fails_is_a_sentence(team: Rig, provider: StubProvider, reply: Reply, name: str) -> None:
    provider.claims["groups"] = MISSING
    provider.replies[name] = reply
    assert shown(provider.sign_in(team.stranger())) == (502, [AWAY])


@pytest.mark.parametrize("reply", [*NOT_THERE.values(), document([])], ids=[*NOT_THERE, "no answer to a code"])
def test_what_a_provider_fails_at_counts_against_nobody(team: Rig, provider: StubProvider, reply: Reply) -> None:
    provider.replies["token"] = reply
    browser = team.stranger()
    for _ in range(12):
        assert provider.sign_in(browser).status == 502
    provider.replies.clear()
    assert provider.sign_in(browser).status == 200


WRONG_ADDRESSES: dict[str, Any] = {
    "none": MISSING,
    "null": None,
    "a number": 7,
    "a list": ["https://id.example.com/"],
    "an object": {},
    "empty": "",
    "a path": "/authorize",
    "no scheme": "//id.example.com/authorize",
    "plain http": "http://id.example.com/authorize",
    "another scheme": "ftp://id.example.com/",
    "a script": "javascript:alert(1)",
    "a line end": "https://id.example.com/a\r\nSet-Cookie: a=b",
    "a blank": "https://id.example.com/a b",
    "no host": "https:///authorize",
    "a port that is none": "https://id.example.com:port/",
    "a bracket": "https://[::1/",
    "a label that is too long": f"https://{'a' * 64}.example.com/",
    "a name with a dot too many": "https://id..example.com/",
    "a user": "https://me:secret@id.example.com/",
    "a fragment": "https://id.example.com/#a",
    "half a character": f"https://id.example.com/{HALF}",
    "another alphabet": "https://id.example.com/ü",
    "100 kB": "https://id.example.com/" + "a" * 100_000,
}


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
@pytest.mark.parametrize("address", WRONG_ADDRESSES.values(), ids=WRONG_ADDRESSES)
def test_an_address_that_is_none_is_a_sentence(team: Rig, provider: StubProvider, name: str, address: Any) -> None:
    provider.metadata[name] = address
    page = provider.sign_in(team.stranger())
    if name == "userinfo_endpoint" and address in (MISSING, None):
        assert page.status == 200
    else:
        assert shown(page) == (502, [MALFORMED])


@pytest.mark.parametrize("issuer", [MISSING, None, 7, [], "https://other.example.com", HALF])
def test_a_provider_that_is_not_the_one_in_the_settings_is_not_believed(
    team: Rig, provider: StubProvider, issuer: Any
) -> None:
    provider.metadata["issuer"] = issuer
    assert shown(provider.sign_in(team.stranger())) == (502, [NO_PROOF])


@pytest.mark.parametrize("methods", [None, 7, "client_secret_post", {"a": 1}, [None, 7], [], ["private_key_jwt"]])
@pytest.mark.parametrize("algorithms", [MISSING, None, 7, "HS256", ["none"], [7], {}])
def test_what_the_provider_lists_wrongly_is_no_fault(
    team: Rig, provider: StubProvider, methods: Any, algorithms: Any
) -> None:
    provider.metadata["token_endpoint_auth_methods_supported"] = methods
    provider.metadata["id_token_signing_alg_values_supported"] = algorithms
    assert provider.sign_in(team.stranger()).status == 200


# Key sets in which there is no key that could prove anything.
NO_KEYS: dict[str, Any] = {
    "no keys": {},
    "null": {"keys": None},
    "an object": {"keys": {"first": {}}},
    "a text": {"keys": "first"},
    "an empty list": {"keys": []},
    "texts": {"keys": ["first", None, 7]},
    "empty objects": {"keys": [{}]},
    "a type that nobody knows": {"keys": [{"kty": "AKP", "kid": "first"}]},
    "a type that is a number": {"keys": [{"kty": 7}]},
    "a type that is a list": {"keys": [{"kty": ["EC"]}]},
    "a curve that is none": {"keys": [{"kty": "EC", "crv": "P-1", "x": "AA", "y": "AA", "kid": "first"}]},
    "a point that is on no curve": {"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "first"}]},
    "no base64": {"keys": [{"kty": "RSA", "n": "!!", "e": "\u00e9", "kid": "first"}]},
    "numbers": {"keys": [{"kty": "RSA", "n": 7, "e": 3, "kid": "first"}]},
    "half a character": {"keys": [{"kty": "RSA", "n": HALF, "e": "AQAB", "kid": "first"}]},
    "a symmetric key": {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "first"}]},
}


@pytest.mark.parametrize("keys", NO_KEYS.values(), ids=NO_KEYS)
def test_keys_that_are_none_are_a_sentence(team: Rig, provider: StubProvider, keys: Any) -> None:
    provider.replies["keys"] = document(keys)
    assert shown(provider.sign_in(team.stranger())) == (502, [MALFORMED])


@pytest.mark.parametrize("name", ["keys", "token"])
@pytest.mark.parametrize("reply", ANSWERS.values(), ids=ANSWERS)
def test_keys_and_identities_that_are_no_answer_are_a_sentence(
    team: Rig, provider: StubProvider, reply: Reply, name: str
) -> None:
    provider.replies[name] = reply
    assert shown(provider.sign_in(team.stranger())) == (502, [MALFORMED])


def test_a_key_that_nobody_can_use_leaves_the_others_good(team: Rig, provider: StubProvider) -> None:
    odd = [each for keys in NO_KEYS.values() if isinstance(keys.get("keys"), list) for each in keys["keys"]]
    odd = [each | {"kid": "odd"} if isinstance(each, dict) else each for each in odd]
    provider.replies["keys"] = document({"keys": [*odd, provider.key.as_dict(private=False)]})
    assert provider.sign_in(team.stranger()).status == 200


# What is answered to a code, and what is said of it.
TOKENS: dict[str, tuple[int, Any, str]] = {
    "no identity": (200, {"access_token": "a", "token_type": "Bearer"}, MALFORMED),
    "null": (200, {"id_token": None, "access_token": "a"}, MALFORMED),
    "a number": (200, {"id_token": 7, "access_token": "a"}, MALFORMED),
    "an object": (200, {"id_token": {}, "access_token": "a"}, MALFORMED),
    "nothing at all": (200, {}, MALFORMED),
    "a code that is not known": (400, {"error": "invalid_grant"}, CODE),
    "the same with 200": (200, {"error": "invalid_grant"}, CODE),
    "a client that is not known": (401, {"error": "invalid_client", "error_description": HALF}, MALFORMED),
    "an error that is a number": (400, {"error": 7}, MALFORMED),
    "an error that is an object": (400, {"error": {"code": "invalid_grant"}}, MALFORMED),
    "an error that is long": (400, {"error": "x" * 100_000}, MALFORMED),
    "an identity with 400": (400, {"id_token": "a.b.c"}, MALFORMED),
}


@pytest.mark.parametrize(("status", "answer", "words"), TOKENS.values(), ids=TOKENS)
def test_an_answer_to_a_code_that_brings_no_identity_is_a_sentence(
    team: Rig, provider: StubProvider, status: int, answer: Any, words: str
) -> None:
    _, headers, body = document(answer)
    provider.replies["token"] = (status, headers, body)
    assert shown(provider.sign_in(team.stranger())) == (403 if words == CODE else 502, [words])


# What else stands in an answer with an identity, which is nobody's business.
LEFT_OUT: dict[str, Any] = {
    "no access token": {"access_token": MISSING},
    "an expiry in words": {"expires_in": "soon"},
    "an expiry that is a list": {"expires_in": []},
    "a type that is a number": {"token_type": 7},
    "a type that nobody knows": {"token_type": "mac"},
    "an error of null": {"error": None},
}


@pytest.mark.parametrize("change", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_not_needed_of_an_answer_to_a_code_may_be_wrong(
    team: Rig, provider: StubProvider, change: dict[str, Any]
) -> None:
    provider.token = change
    assert provider.sign_in(team.stranger()).status == 200


def part(content: bytes) -> str:
    """A part of a JSON Web Token."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


HEADER = part(b'{"alg": "ES256", "kid": "first"}')
GARBAGE = {
    "empty": "",
    "a word": "identity",
    "two parts": "a.b",
    "five parts": "a.b.c.d.e",
    "no base64": "!!.!!.!!",
    "another alphabet": "ä.ö.ü",
    "half a character": f"{HALF}.{HALF}.{HALF}",
    "a header that is no json": f"{part(b'{')}.{part(b'{}')}.AA",
    "a header that is a list": f"{part(b'[]')}.{part(b'{}')}.AA",
    "a header of null": f"{part(b'null')}.{part(b'{}')}.AA",
    "a header with no algorithm": f"{part(b'{}')}.{part(b'{}')}.AA",
    "an algorithm that is a number": f"""{part(b'{"alg": 7}')}.{part(b"{}")}.AA""",
    "an algorithm that is a list": f"""{part(b'{"alg": ["ES256"]}')}.{part(b"{}")}.AA""",
    "a key's name that is a list": f"""{part(b'{"alg": "ES256", "kid": []}')}.{part(b"{}")}.AA""",
    "a critical header": f"""{part(b'{"alg": "ES256", "kid": "first", "crit": ["a"]}')}.{part(b"{}")}.AA""",
    "a header that is nested beyond reason": f"{part(DEEP)}.{part(b'{}')}.AA",
    "a header of invalid utf-8": f"{part(NO_UTF8)}.{part(b'{}')}.AA",
    "no signature": f"{HEADER}.{part(b'{}')}.",
    "a signature of zeros": f"{HEADER}.{part(b'{}')}.{part(bytes(64))}",
    "900 kB": "a" * 900_000,
    "900 kB of dots": "." * 900_000,
}


@pytest.mark.parametrize("token", GARBAGE.values(), ids=GARBAGE)
def test_an_identity_that_is_garbage_proves_nothing(team: Rig, provider: StubProvider, token: str) -> None:
    provider.token = {"id_token": token}
    assert shown(provider.sign_in(team.stranger())) == (403, [NO_PROOF])


# What is signed rightly and is no identity.
PAYLOADS = {
    "a list": b"[]",
    "a text": b'"ada"',
    "null": b"null",
    "html": b"<p>ada</p>",
    "nothing": b"",
    "invalid utf-8": NO_UTF8,
    "nested beyond reason": DEEP,
    "a number of many digits": b'{"exp": ' + b"9" * 100_000 + b"}",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_signed_text_that_is_no_identity_proves_nothing(team: Rig, provider: StubProvider, payload: bytes) -> None:
    provider.token = {"id_token": provider.sign(payload)}
    assert shown(provider.sign_in(team.stranger())) == (403, [NO_PROOF])


# What an identity is signed with that anybody could have signed.
SHARED: dict[str, Callable[[StubProvider], bytes | None]] = {
    "the client's secret": lambda provider: SECRET.encode(),
    "a key of the set": lambda provider: b"k" * 32,
    "the public key": lambda provider: provider.key.as_pem(private=False),
    "no key": lambda provider: None,
}


@pytest.mark.parametrize("listed", [["HS256"], ["none"], ["HS256", "none", "ES256"], "HS256", MISSING])
@pytest.mark.parametrize("with_key", SHARED)
def test_what_anybody_could_have_signed_proves_nothing_whatever_the_provider_lists(
    team: Rig, provider: StubProvider, listed: Any, with_key: str
) -> None:
    shared = {"kty": "oct", "k": part(b"k" * 32), "kid": "shared"}
    provider.replies["keys"] = document({"keys": [provider.key.as_dict(private=False), shared]})
    provider.metadata["id_token_signing_alg_values_supported"] = listed
    begun = provider.begin(browser := team.stranger())
    assert isinstance(begun, str)
    claims = provider.signed().split(".")[1]
    provider.token = {"id_token": signed_with(SHARED[with_key](provider), claims)}
    assert shown(browser.get(begun)) == (403, [NO_PROOF])


def signed_with(key: bytes | None, claims: str) -> str:
    """Claims that are signed with a shared key (RFC 7518, 3.2), or with none."""
    if key is None:
        return f"""{part(b'{"alg": "none"}')}.{claims}."""
    signed = f"""{part(b'{"alg": "HS256", "kid": "shared"}')}.{claims}"""
    return f"{signed}.{part(hmac.digest(key, signed.encode(), 'sha256'))}"


# The library warns of the name "EdDSA", which providers still use.
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("algorithm", ["RS256", "PS384", "ES384", "ES512", "EdDSA", "Ed25519"])
def test_every_algorithm_with_a_public_key_is_taken(team: Rig, provider: StubProvider, algorithm: str) -> None:
    made = {
        "RS": lambda: RSAKey.generate_key(2048, {"kid": "other"}),
        "PS": lambda: RSAKey.generate_key(2048, {"kid": "other"}),
        "ES": lambda: ECKey.generate_key({"ES384": "P-384", "ES512": "P-521"}.get(algorithm, ""), {"kid": "other"}),
        "Ed": lambda: OKPKey.generate_key("Ed25519", {"kid": "other"}),
    }
    provider.key = made[algorithm[:2]]()
    provider.header = {"alg": algorithm}
    assert provider.sign_in(team.stranger()).status == 200


# Claims that are of the wrong type or say something else than they must: nobody is let in.
NO_IDENTITY: dict[str, dict[str, Any]] = {
    "no subject": {"sub": MISSING},
    "a subject that is a number": {"sub": 7},
    "a subject of null": {"sub": None},
    "a subject that is a list": {"sub": ["ada"]},
    "an empty subject": {"sub": ""},
    "a blank subject": {"sub": " \t"},
    "a subject with half a character": {"sub": HALF},
    "a subject with a zero byte": {"sub": "ada\x00"},
    "a subject that is long": {"sub": "a" * 256},
    "a subject of 500 kB": {"sub": "a" * 500_000},
    "no issuer": {"iss": MISSING},
    "another issuer": {"iss": "https://other.example.com"},
    "an issuer that is a number": {"iss": 7},
    "an issuer that is a list": {"iss": []},
    "no audience": {"aud": MISSING},
    "another audience": {"aud": "other"},
    "an audience that is a number": {"aud": 7},
    "an audience that is an object": {"aud": {CLIENT: True}},
    "an audience of numbers": {"aud": [7, None]},
    "an audience that holds lists": {"aud": [[CLIENT]]},
    "an audience of several with no party": {"aud": [CLIENT, "other"]},
    "another party": {"azp": "other"},
    "a party that is a list": {"azp": [CLIENT]},
    "no expiry": {"exp": MISSING},
    "an expiry in words": {"exp": "tomorrow"},
    "an expiry as text": {"exp": "99999999999"},
    "an expiry of null": {"exp": None},
    "an expiry that is a list": {"exp": []},
    "an expiry that is true": {"exp": True},
    "an expiry that is no number": {"exp": float("nan")},
    "an expiry that never comes": {"exp": float("inf")},
    "an expiry that has come": {"exp": 1},
    "no beginning": {"iat": MISSING},
    "a beginning as text": {"iat": "now"},
    "a beginning that is no number": {"iat": float("nan")},
    "a beginning in the future": {"iat": 99_999_999_999},
    "not before the future": {"nbf": 99_999_999_999},
    "not before some words": {"nbf": "soon"},
    "not before an object": {"nbf": {}},
    "no nonce": {"nonce": MISSING},
    "another nonce": {"nonce": "other"},
    "a nonce that is a number": {"nonce": 7},
    "a nonce in another alphabet": {"nonce": "ü"},
    "a nonce that is a list": {"nonce": []},
    "another access token": {"at_hash": "AAAA"},
    "a hash that is a number": {"at_hash": 7},
    "a hash in another alphabet": {"at_hash": "ü"},
    "a hash that is an object": {"at_hash": {"a": 1}},
}


@pytest.mark.parametrize("claims", NO_IDENTITY.values(), ids=NO_IDENTITY)
def test_claims_that_are_wrong_prove_nothing(team: Rig, provider: StubProvider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    assert shown(provider.sign_in(team.stranger())) == (403, [NO_PROOF])


# Claims that give no role, whatever they are.
NO_ROLES: dict[str, Any] = {
    "a text": "slipway-viewers",
    "an object": {"slipway-editors": True},
    "numbers": [7, None, True],
    "lists": [["slipway-editors"]],
    "null": None,
    "a number": 7,
    "true": True,
    "half a character": [HALF],
    "60 kB": ["x" * 60_000],
    "10,000 of them": ["g"] * 10_000,
}


@pytest.mark.parametrize("groups", NO_ROLES.values(), ids=NO_ROLES)
def test_groups_of_any_type_are_no_fault(team: Rig, provider: StubProvider, groups: Any) -> None:
    provider.claims = {"groups": groups}
    assert shown(provider.sign_in(team.stranger())) == (403, [NO_ROLE])


# What the provider calls somebody, and what Slipway does.
NAMES: dict[str, tuple[dict[str, Any], str]] = {
    "a number": ({"name": 7}, "ada"),
    "an object": ({"name": {"first": "Ada"}}, "ada"),
    "blank": ({"name": " \t"}, "ada"),
    "half a character": ({"name": f"A{HALF}da"}, "A\ufffdda"),
    "a zero byte": ({"name": "A\x00da"}, "A\ufffdda"),
    "a line end": ({"name": "A\r\nda"}, "A\ufffd\ufffdda"),
    "turned around": ({"name": "\u202eadA"}, "\ufffdadA"),
    "an address that is a list": ({"name": None, "email": ["ada@example.com"]}, "ada"),
    "a language that is none": ({"locale": 7, "zoneinfo": [], "address": "a", "updated_at": "x"}, "Ada"),
    "an address that is verified in words": ({"email": "a@example.com", "email_verified": "true"}, "Ada"),
}


@pytest.mark.parametrize(("claims", "name"), NAMES.values(), ids=NAMES)
def test_a_name_of_any_type_is_no_fault(team: Rig, provider: StubProvider, claims: dict[str, Any], name: str) -> None:
    provider.claims = claims
    browser = team.stranger()
    assert provider.sign_in(browser).status == 200
    assert f"You are {name}, editor." in browser.get("/account").text


def test_a_name_that_is_long_is_cut(team: Rig, provider: StubProvider) -> None:
    provider.claims = {"name": "a" * 60_000}
    browser = team.stranger()
    assert provider.sign_in(browser).status == 200
    assert f"You are {'a' * 255}, editor." in browser.get("/account").text


# What the provider tells when it is asked for more.
MORE: dict[str, tuple[Reply, tuple[int, str]]] = {
    **{name: (reply, (502, MALFORMED)) for name, reply in ANSWERS.items()},
    "somebody else": (document({"sub": "eve", "groups": ["slipway-editors"]}), (403, NO_PROOF)),
    "nobody": (document({"groups": ["slipway-editors"]}), (403, NO_PROOF)),
    "a number": (document({"sub": 7}), (403, NO_PROOF)),
    "no groups": (document({"sub": "ada"}), (403, NO_ROLE)),
}


@pytest.mark.parametrize(("reply", "said"), MORE.values(), ids=MORE)
def test_what_a_provider_tells_when_it_is_asked_for_more_is_held_to_the_same(
    team: Rig, provider: StubProvider, reply: Reply, said: tuple[int, str]
) -> None:
    provider.claims = {"groups": MISSING}
    provider.replies["userinfo"] = reply
    page = provider.sign_in(team.stranger())
    assert (page.status, page.errors) == (said[0], [said[1]])


def test_groups_that_are_told_only_when_asked_for_let_in(team: Rig, provider: StubProvider) -> None:
    provider.claims = {"groups": MISSING}
    assert provider.sign_in(team.stranger()).status == 200


@pytest.mark.parametrize("token", [MISSING, None, 7, "", "a\r\nb", HALF, "ü", "x" * 500_000], ids=ascii)
def test_without_an_access_token_there_is_nothing_more_to_ask(team: Rig, provider: StubProvider, token: Any) -> None:
    provider.claims = {"groups": MISSING}
    provider.token = {"access_token": token}
    assert shown(provider.sign_in(team.stranger())) == (502, [MALFORMED])
    assert "/userinfo" not in provider.asked
