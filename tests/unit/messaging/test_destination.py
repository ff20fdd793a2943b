"""Which addresses calls may go to, read from their text alone."""

from __future__ import annotations

import pytest

from flowapp.kernel.errors import BadSetting
from flowapp.messaging.destination import allowed_from, destination
from flowapp.messaging.outgoing_errors import OutgoingRefused

NOTHING = allowed_from("")


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://example.org", ("example.org", 443, "/", "example.org")),
        ("HTTPS://Example.ORG/Path?q=1#there", ("example.org", 443, "/Path?q=1", "example.org")),
        ("https://example.org:8443/x", ("example.org", 8443, "/x", "example.org:8443")),
        ("https://example.org?q=1", ("example.org", 443, "/?q=1", "example.org")),
        ("https://example.org./x", ("example.org", 443, "/x", "example.org")),
        ("https://bücher.example/ä", ("xn--bcher-kva.example", 443, "/%C3%A4", "xn--bcher-kva.example")),
        ("https://example.org/a%20b/@me:1", ("example.org", 443, "/a%20b/@me:1", "example.org")),
        ("https://3com.example.org/", ("3com.example.org", 443, "/", "3com.example.org")),
    ],
)
def test_servers_on_the_internet_may_be_called(url: str, parts: tuple[str, int, str, str]) -> None:
    to = destination(url, NOTHING)
    assert (to.host, to.port, to.target, to.authority) == parts
    assert not to.is_allowed


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://example.org/", "https:// only"),
        ("https://example.org:8080/", "only to 443 and 8443"),
        ("https://example.org:22/", "only to 443 and 8443"),
        ("https://example.org:0443444/", "like https://"),
        ("ftp://example.org/", "like https://"),
        ("file:///etc/passwd", "like https://"),
        ("gopher://example.org/", "like https://"),
        ("//example.org/", "like https://"),
        ("example.org", "like https://"),
        ("", "like https://"),
        ("https://", "like https://"),
        ("https:///path", "like https://"),
        ("https://user:secret@example.org/", "like https://"),
        ("https://example.org@127.0.0.1/", "like https://"),
        ("https://example.org:443@127.0.0.1/", "like https://"),
        ("https://example.org#@127.0.0.1/", None),  # all after # is a place on the page
        ("https://127.0.0.1\\@example.org/", "do not belong"),
        ("https://example.org\t/", "do not belong"),
        ("https://exam\nple.org/", "do not belong"),
        (" https://example.org/", "do not belong"),
        ("https://example.org/a b", "do not belong"),
        ("https://example.org/\x00", "do not belong"),
        ("https://example.org/\u202e", "do not belong"),
        ("https://example.org/" + "x" * 4096, "too long"),
        ("https://intranet/", "inside a network"),
        ("https://printer.local/", "inside a network"),
        ("https://db.internal/", "inside a network"),
        ("https://a.lan/", "inside a network"),
        ("https://kubernetes.default.svc/", "inside a network"),
        ("https://router.home.arpa/", "inside a network"),
        ("https://x.onion/", "inside a network"),
        ("https://evil.LOCALHOST./", "inside a network"),
        ("https://93.184.216.34/", "name, not its number"),  # a public one too
        ("https://0x5db8d822/", "name, not its number"),
        ("https://93.184.55330/", "name, not its number"),
        ("https://[2606:4700:4700::1111]/", "name, not its number"),
        ("https://exa_mple.org/", "no name of a server"),
        ("https://-example.org/", "no name of a server"),
        ("https://example..org/", "no name of a server"),
        ("https://%65xample.org/", "no name of a server"),
        ("https://example.org:/", "like https://"),
        ("https://[::1/", "like https://"),
        ("https://[example.org]/", "no name of a server"),
        ("https://" + "a" * 64 + ".org/", "no name of a server"),
    ],
)
def test_other_addresses_are_refused_with_a_sentence(url: str, sentence: str | None) -> None:
    if sentence is None:
        assert destination(url, NOTHING).host == "example.org"
        return
    with pytest.raises(OutgoingRefused, match=sentence):
        destination(url, NOTHING)


def test_places_on_the_list_may_be_nearby_and_without_encryption() -> None:
    allow = allowed_from("127.0.0.1:8080, Intranet.local:80 ,[::1]:9000")
    assert destination("http://127.0.0.1:8080/x", allow).is_allowed
    assert destination("http://intranet.local/", allow).authority == "intranet.local"
    assert destination("http://[0:0:0:0:0:0:0:1]:9000/", allow).authority == "[::1]:9000"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8081/",  # another port
        "http://127.0.0.2:8080/",  # another machine
        "http://2130706433:8080/",  # the same machine, written otherwise
        "http://0177.0.0.1:8080/",
        "http://127.0.0.1.:80/",
        "https://127.0.0.1/",
    ],
)
def test_the_list_lets_through_what_it_names_and_nothing_else(url: str) -> None:
    with pytest.raises(OutgoingRefused):
        destination(url, allowed_from("127.0.0.1:8080"))


@pytest.mark.parametrize(
    "text", ["127.0.0.1", "127.0.0.1:", ":80", "http://127.0.0.1:80", "a@b:80", "a:99999", "a b:80", "a_b:80"]
)
def test_a_senseless_list_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadSetting, match="FLOWAPP_OUTBOUND_ALLOW"):
        allowed_from(f"10.0.0.5:80, {text}")
