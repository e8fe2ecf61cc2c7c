"""First packets of OpenVPN clients under tls-crypt: of those that hold the key, and of those that do not."""

import hashlib
import hmac
import os
import struct
import subprocess
import time

SHORT = b"s"  # the load generator's order: answer, and nothing more; it begins the session id
CLIENTS_CIPHER, CLIENTS_HMAC = slice(128, 160), slice(192, 224)  # of the static key
ZEROS = bytes(5)  # what is hidden: no acknowledged packets, and message id 0


def make_key(path):
    """Writes a static key as `openvpn --genkey secret` does. Returns its bytes."""
    key = os.urandom(256)
    digits = "\n".join(key[at : at + 16].hex() for at in range(0, len(key), 16))
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(f"-----BEGIN OpenVPN Static key V1-----\n{digits}\n-----END OpenVPN Static key V1-----\n")
    return key


def proven(key, count):
    """So many packets, each another one, one after the other. Source: OpenVPN, tls_crypt.c."""
    clear = [bytes([7 << 3]) + SHORT + os.urandom(7) + struct.pack(">II", 1, int(time.time())) for _ in range(count)]
    tags = [hmac.digest(key[CLIENTS_HMAC], head + ZEROS, hashlib.sha256) for head in clear]
    # Counter mode over zeros: the cipher's block of the tag's first half, as far as it is needed.
    counters = b"".join(tag[:16] for tag in tags)
    encrypt = ["openssl", "enc", "-aes-256-ecb", "-nopad", "-K", key[CLIENTS_CIPHER].hex()]
    blocks = subprocess.run(encrypt, input=counters, capture_output=True, check=True).stdout
    hidden = [blocks[at : at + len(ZEROS)] for at in range(0, len(blocks), 16)]
    return b"".join(_with_length(b"".join(parts)) for parts in zip(clear, tags, hidden, strict=True))


def wrong(count):
    """The same in shape, by whoever has no key."""
    return proven(os.urandom(256), count)


def _with_length(packet):
    return struct.pack(">H", len(packet)) + packet
