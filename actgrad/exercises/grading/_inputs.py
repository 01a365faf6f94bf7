"""Inputs that only the instructor can know: drawn from the secret, one set per student."""

import hashlib
import hmac
import pathlib

import numpy as np

MIN_SECRET_BYTES = 16


class SecretError(ValueError):
    """The secret is missing or too short; the message says how to make one."""


def read_secret(path: pathlib.Path) -> bytes:
    """Read the secret, without the white space around it.

    Raises
    ------
    SecretError
        Where the file cannot be read or holds fewer than 16 bytes.
    """
    advice = (
        "make one with `python -c 'import secrets; print(secrets.token_hex(32))' > secret.txt` "
        "and keep it: the same secret gives the same grades again"
    )
    try:
        with path.open("rb") as file:
            secret = file.read(4097).strip()
    except OSError as error:
        raise SecretError(
            f"the secret cannot be read: {path}: {error.strerror}; {advice}"
        ) from None
    if not MIN_SECRET_BYTES <= len(secret) <= 4096:
        raise SecretError(
            f"the secret in {path} has {len(secret)} bytes; "
            f"{MIN_SECRET_BYTES} to 4096 are needed; {advice}"
        )
    return secret


def keyed(secret: bytes, *words: str) -> bytes:
    """Return 32 bytes that depend on the secret and on every word (HMAC-SHA-256).

    Each word goes in with its length, so that no two lists of words run into one.
    """
    parts = [word.encode("utf-8", "surrogateescape") for word in words]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.digest(secret, message, hashlib.sha256)


def generator(secret: bytes, student: str, exercise: str, part: str) -> np.random.Generator:
    """Return the generator of one student's inputs for one part of one exercise."""
    return np.random.default_rng(int.from_bytes(keyed(secret, student, exercise, part), "big"))
