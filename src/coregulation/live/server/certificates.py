"""A certificate authority of one's own, for devices in one room: made once, to be trusted once by each device.

The authority can sign for names and addresses of private networks only, so that its key, if it were stolen, signs no other site.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coregulation.errors import DataError, UsageError
from coregulation.report.catalogue import Catalogue

if TYPE_CHECKING:
    from cryptography import x509

YEARS, DAYS = 5, 365
RENEW = 30  # days before its end in which an authority is made anew
PRIVATE = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)
LOCAL_NAMES = ("localhost", "local", "lan", "home.arpa")


def own(folder: Path, host: str, say: Callable[[str], None]) -> tuple[Path, Path]:
    """Return a certificate for a host and its key, signed by an authority that is made if there is none that serves.

    Parameters
    ----------
    folder
        Where authority and certificate lie.
    host
        Name or address of this computer for other devices.
    say
        Tells the user what to do.

    Returns
    -------
    tuple of Path
        Certificate and key.

    Raises
    ------
    UsageError
        If the extra is not installed.
    DataError
        If the authority's files are damaged.
    """
    try:
        from cryptography.hazmat.primitives import serialization
    except ImportError as error:
        raise UsageError('A certificate of its own needs the extra: pip install "coregulation[away]".') from error
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root, root_key = folder / "coregulation-ca.crt", folder / "coregulation-ca.key"
    if not _serves(root, root_key, host):
        key = _key()
        _write(root_key, _private(key))
        _write(root, _root(key, host).public_bytes(serialization.Encoding.PEM))
    authority, signing = _loaded(root, root_key)
    key = _key()
    leaf, leaf_key = folder / "server.crt", folder / "server.key"
    _write(leaf_key, _private(key))
    _write(leaf, _leaf(host, key, authority, signing).public_bytes(serialization.Encoding.PEM))
    say(Catalogue().text("live.certificate", path=root, folder=folder))
    return leaf, leaf_key


def _loaded(root: Path, root_key: Path) -> tuple[x509.Certificate, Any]:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    root_key.chmod(0o600)
    try:
        authority = x509.load_pem_x509_certificate(root.read_bytes())
        return authority, serialization.load_pem_private_key(root_key.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise DataError(
            "The certificate authority in {folder} is damaged. Move its two files away; a new one is made, and devices must "
            "trust it once.",
            folder=str(root.parent),
        ) from error


def _serves(root: Path, root_key: Path, host: str) -> bool:
    """Whether there is an authority that does not end soon and may sign for a host."""
    if not (root.is_file() and root_key.is_file()):
        return False
    from cryptography import x509

    authority, _ = _loaded(root, root_key)
    left = authority.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    try:
        permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    except x509.ExtensionNotFound:
        return False
    return left > datetime.timedelta(days=RENEW) and any(_covers(subtree, host) for subtree in permitted)


def _covers(permitted: x509.GeneralName, host: str) -> bool:
    value = permitted.value
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return isinstance(value, str) and (host == value or host.endswith(f".{value}"))
    return isinstance(value, (ipaddress.IPv4Network, ipaddress.IPv6Network)) and address in value


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
    """Write a file that only its owner reads, whatever mode one of that name had."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)


def _name(words: str) -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words[:64])])


def _root(key: Any, host: str) -> x509.Certificate:
    from cryptography import x509

    name = _name("coregulation on this computer")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = _dated(x509.CertificateBuilder().subject_name(name).issuer_name(name), key, YEARS * DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(x509.NameConstraints(_permitted(host), None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return _signed(builder.add_extension(usage, critical=True), key)


def _permitted(host: str) -> list[x509.GeneralName]:
    """Return what the authority may sign for: private addresses, local names, and this host."""
    from cryptography import x509

    names: list[x509.GeneralName] = [x509.DNSName(name) for name in LOCAL_NAMES]
    names += [x509.IPAddress(ipaddress.ip_network(network)) for network in PRIVATE]
    try:
        return [*names, x509.IPAddress(ipaddress.ip_network(host))]
    except ValueError:
        return [*names, x509.DNSName(host)]


def _leaf(host: str, key: Any, authority: x509.Certificate, signing: Any) -> x509.Certificate:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    names = [_general(name) for name in dict.fromkeys((host, "localhost", "127.0.0.1"))]
    builder = x509.CertificateBuilder().subject_name(_name(host)).issuer_name(authority.subject)
    builder = _dated(builder, key, DAYS).add_extension(x509.SubjectAlternativeName(names), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    builder = builder.add_extension(issuer, critical=False)
    return _signed(
        builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False), signing
    )


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
