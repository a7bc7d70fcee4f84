"""One address fetched from a real server that does its worst."""

import asyncio
import gzip
import ssl
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from noko.core.websites.page import Failure, FailureReason
from noko.exchange.fetching import Fetcher, Limits
from noko.exchange.network import NoSuchHostError, Way
from noko.exchange.site_answers import Answer
from tests.exchange.site_server import Handler, Served, redirect, serve

SITE = "http://school.example"
QUICK = Limits(connect=2, read=1, whole=3, page=1_000_000, document=2_000_000)


def get(
    served: Served | None,
    address: str = f"{SITE}/",
    *,
    way: Way | None = None,
    page: bool = True,
    limits: Limits = QUICK,
    hosts: tuple[str, ...] = ("school.example",),
) -> Answer | Failure:
    async def run() -> Answer | Failure:
        chosen = way or (served.way if served else Way())
        fetcher = Fetcher("NokoMonitor/test (+mailto:test@example.org)", chosen, limits)
        try:
            allowed = [f"{scheme}://{host}/" for scheme in ("http", "https") for host in hosts]
            return await fetcher.get(
                address, page=page, allows=lambda url: any(map(url.startswith, allowed))
            )
        finally:
            await fetcher.close()

    return asyncio.run(run())


def reason(outcome: Answer | Failure) -> FailureReason:
    assert isinstance(outcome, Failure), outcome
    return outcome.reason


def test_fetch_a_page_under_our_name():
    with serve({"/": "<p>Школа</p>"}) as served:
        answer = get(served)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body.decode()) == (200, "<p>Школа</p>")
    assert [(one.host, one.agent) for one in served.asked] == [
        ("school.example", "NokoMonitor/test (+mailto:test@example.org)")
    ]


def test_fetch_keeps_no_cookies():
    seen: list[str | None] = []

    def answer(handler: Handler) -> None:
        seen.append(handler.headers.get("Cookie"))
        target = {"Location": "/b"} if handler.path == "/" else {}
        handler.answer(302 if target else 200, b"x", Set_Cookie="a=1; Path=/", **target)

    with serve({"*": answer}) as served:
        assert isinstance(get(served), Answer)
    assert seen == [None, None]


def test_fetch_follows_redirects_and_tells_where_they_led():
    with serve({"/": redirect("/a"), "/a": redirect("b"), "/b": "x"}) as served:
        answer = get(served)
    assert isinstance(answer, Answer)
    assert (answer.address, answer.base) == (f"{SITE}/", f"{SITE}/b")


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ({"/": redirect("/")}, FailureReason.REDIRECT_LOOP),
        ({"/": redirect("/a"), "/a": redirect("/")}, FailureReason.REDIRECT_LOOP),
        ({"/": redirect("http://other.example/")}, FailureReason.OTHER_HOST),
        ({"/": redirect("http://127.0.0.1/")}, FailureReason.OTHER_HOST),
        ({"/": redirect("http://school.example:22/")}, FailureReason.OTHER_HOST),
        ({"/": redirect("file:///etc/passwd")}, FailureReason.BAD_ADDRESS),
        ({"/": redirect("")}, FailureReason.BAD_ADDRESS),
    ],
)
def test_fetch_bad_redirect(pages, expected):
    with serve(pages) as served:
        assert reason(get(served)) is expected


def test_fetch_endless_chain_of_redirects():
    def on(handler: Handler) -> None:
        number = int(handler.path.strip("/") or 0)
        handler.answer(302, b"", Location=f"/{number + 1}")

    with serve({"*": on}) as served:
        assert reason(get(served)) is FailureReason.REDIRECT_LOOP
    assert len(served.asked) == 7


def test_fetch_two_gigabytes_are_not_taken():
    with serve({"/": lambda handler: handler.endless(b"x" * 65536)}) as served:
        assert reason(get(served)) is FailureReason.TOO_LARGE


def test_fetch_a_large_document_is_cut():
    with serve({"/u.pdf": lambda handler: handler.endless(b"x" * 65536)}) as served:
        answer = get(served, f"{SITE}/u.pdf", page=False)
    assert isinstance(answer, Answer)
    assert (answer.cut, len(answer.body)) == (True, QUICK.document)


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_fetch_a_bomb_is_stopped(packing):
    plain = b"0" * 300_000_000
    bomb = gzip.compress(plain, 9) if packing == "gzip" else zlib.compress(plain, 9)

    def send(handler: Handler) -> None:
        handler.answer(200, bomb, Content_Encoding=packing)

    with serve({"/": send}) as served:
        assert reason(get(served)) is FailureReason.TOO_LARGE


def test_fetch_packed_page_is_unpacked():
    def send(handler: Handler) -> None:
        handler.answer(200, gzip.compress(b"<p>text</p>"), Content_Encoding="gzip")

    with serve({"/": send}) as served:
        answer = get(served)
    assert isinstance(answer, Answer)
    assert answer.body == b"<p>text</p>"


def test_fetch_broken_packing_is_told():
    def send(handler: Handler) -> None:
        handler.answer(200, b"not gzip at all", Content_Encoding="gzip")

    with serve({"/": send}) as served:
        assert reason(get(served)) is FailureReason.UNREACHABLE


def test_fetch_a_silent_server_times_out():
    with serve({"/": lambda handler: time.sleep(2)}) as served:
        assert reason(get(served)) is FailureReason.TIMEOUT


def test_fetch_a_server_that_drips_times_out():
    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(40):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.2)
        except OSError:
            return

    with serve({"/": drip}) as served:
        assert reason(get(served)) is FailureReason.TIMEOUT


def test_fetch_nobody_listens():
    with serve({}) as served:
        way = served.way
    assert reason(get(None, way=way)) is FailureReason.UNREACHABLE


def test_fetch_rubbish_instead_of_http():
    def rubbish(handler: Handler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"\x00\x01\x02 not http\r\n\r\n")

    with serve({"/": rubbish}) as served:
        assert reason(get(served)) is FailureReason.UNREACHABLE


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://10.0.0.1/"]
)
def test_fetch_closed_networks_are_never_visited(address):
    assert reason(get(None, address)) is FailureReason.PRIVATE_ADDRESS


def test_fetch_a_name_that_leads_into_a_closed_network():
    async def resolver(host: str, port: int) -> list[str]:
        return ["95.173.136.70", "127.0.0.1"]

    assert reason(resolved(resolver)) is FailureReason.PRIVATE_ADDRESS


def test_fetch_a_name_that_changes_its_mind():
    """The first answer of DNS is judged and used; a later one is judged anew."""
    answers = [["127.0.0.1"], ["127.0.0.1"]]

    async def resolver(host: str, port: int) -> list[str]:
        return answers.pop()

    with serve({"/": "x"}) as served:
        way = Way(private=True)
        first = resolved(resolver, way, f"http://school.example:{served.port}/")
        second = resolved(resolver, Way(), f"http://school.example:{served.port}/")
    assert isinstance(first, Answer)
    assert reason(second) is FailureReason.PRIVATE_ADDRESS


def test_fetch_a_name_that_does_not_exist():
    async def resolver(host: str, port: int) -> list[str]:
        raise NoSuchHostError(host)

    assert reason(resolved(resolver)) is FailureReason.NO_SUCH_HOST


def resolved(resolver, way: Way | None = None, address: str = f"{SITE}/") -> Answer | Failure:
    from noko.exchange.network import GuardedTransport

    async def run() -> Answer | Failure:
        transport = GuardedTransport(way or Way(), resolver)
        fetcher = Fetcher("NokoMonitor/test", limits=QUICK, transport=transport)
        try:
            return await fetcher.get(address, page=True, allows=lambda url: True)
        finally:
            await fetcher.close()

    return asyncio.run(run())


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """A certificate of its own for ``host`` and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(built.public_bytes(pem))
    paths[1].write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def test_fetch_certificates_are_checked(tmp_path: Path):
    cert, key = certificate(tmp_path, "school.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with serve({"/": "x"}, context) as served:
        unknown = get(served, "https://school.example/")
        way = Way(all_to=served.way.all_to, roots=cert)
        trusted = get(served, "https://school.example/", way=way)
        another = get(served, "https://other.example/", way=way, hosts=("other.example",))
    assert reason(unknown) is FailureReason.BAD_CERTIFICATE
    assert isinstance(trusted, Answer)
    assert reason(another) is FailureReason.BAD_CERTIFICATE
