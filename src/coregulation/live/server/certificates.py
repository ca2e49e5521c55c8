"""A certificate authority of one's own, for devices in one room: made once, to be trusted once by each device."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509

YEARS, DAYS = 5, 365
HOW = """Other devices must trust this computer once. Bring them the file {path} (by a cable or a stick) and
  Android: Settings, Security, Install a certificate, CA certificate.
  iPhone:  open it, then Settings, Profile downloaded; then General, About, Certificate Trust Settings.
  Windows: double-click, Install, Trusted Root Certification Authorities.   macOS: Keychain Access, Always trust.
Its key never leaves {folder}. Remove it from the devices when you no longer need it."""


def own(folder: Path, host: str, say: Callable[[str], None]) -> tuple[Path, Path]:
    """Return a certificate for a host and its key, signed by an authority that is made if there is none yet."""
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    root, root_key = folder / "coregulation-ca.crt", folder / "coregulation-ca.key"
    if not (root.is_file() and root_key.is_file()):
        key = _key()
        _write(root_key, _private(key))
        root.write_bytes(_root(key).public_bytes(serialization.Encoding.PEM))
    authority = x509.load_pem_x509_certificate(root.read_bytes())
    signing = serialization.load_pem_private_key(root_key.read_bytes(), None)
    key = _key()
    leaf, leaf_key = folder / "server.crt", folder / "server.key"
    _write(leaf_key, _private(key))
    leaf.write_bytes(_leaf(host, key, authority, signing).public_bytes(serialization.Encoding.PEM))
    say(HOW.format(path=root, folder=folder))
    return leaf, leaf_key


def _key() -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _private(key: Any) -> bytes:
    from cryptography.hazmat.primitives import serialization

    pem: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem


def _write(path: Path, body: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(body)


def _name(words: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _root(key: Any) -> x509.Certificate:
    from cryptography import x509

    name = _name("coregulation on this computer")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = _dated(x509.CertificateBuilder().subject_name(name).issuer_name(name), key, YEARS * DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return _signed(builder.add_extension(usage, critical=True), key)


def _leaf(host: str, key: Any, authority: x509.Certificate, signing: Any) -> x509.Certificate:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    names = [_general(one) for one in dict.fromkeys((host, "localhost", "127.0.0.1"))]
    builder = x509.CertificateBuilder().subject_name(_name(host)).issuer_name(authority.subject)
    builder = _dated(builder, key, DAYS).add_extension(x509.SubjectAlternativeName(names), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return _signed(builder.add_extension(usage, critical=False), signing)


def _general(host: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _dated(builder: x509.CertificateBuilder, key: Any, days: int) -> x509.CertificateBuilder:
    from cryptography import x509

    now = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=5)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    return builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=days))


def _signed(builder: x509.CertificateBuilder, key: Any) -> x509.Certificate:
    from cryptography.hazmat.primitives import hashes

    return builder.sign(key, hashes.SHA256())
