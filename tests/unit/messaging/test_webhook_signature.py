"""Signatures of Standard Webhooks."""

from __future__ import annotations

import base64

import pytest

from flowapp.messaging.webhook_signature import BadSecret, message_id, secret_bytes, sign


def test_the_published_example_has_its_published_signature() -> None:
    # The test vector of the Standard Webhooks libraries for Python and Go.
    signed = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret",
    [
        "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",  # no prefix
        "whsec_" + base64.b64encode(b"x" * 23).decode(),  # too short
        "whsec_" + base64.b64encode(b"x" * 65).decode(),  # too long
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa w", "whsec_łłłł",
    ],
)  # fmt: skip
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(BadSecret, match="24 to 64 random bytes"):
        secret_bytes(secret)


def test_a_message_is_named_after_its_key() -> None:
    assert message_id("12:short.call") == message_id("12:short.call")
    assert message_id("12:short.call") != message_id("13:short.call")
    assert message_id("12:short.call").startswith("msg_")
    assert "." not in message_id("12:short.call")
