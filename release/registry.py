"""A provider registry on loopback that serves the files of releases over HTTPS, by the protocol that Terraform and OpenTofu speak."""

import json
import re
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pack import NAME, Release, sha256

PREFIX = "/v1/providers/sfniam/sfniam/"


class Registry:
    """What it serves can change while it runs: the releases, and the public keys."""

    def __init__(self, folder: Path):
        self.releases: list[Release] = []
        self.keys: list[tuple[str, str]] = []
        self.certificate = folder / "certificate.pem"
        private = folder / "private.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
            + ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(private), "-out", str(self.certificate)],
            check=True, capture_output=True,
        )  # fmt: skip
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, private)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.origin = f"https://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> bytes | None:
        if path == PREFIX + "versions":
            versions = [
                {"version": one.version, "protocols": ["6.0"], "platforms": [_platform(zip) for zip in _zips(one)]}
                for one in self.releases
            ]
            return json.dumps({"versions": versions}).encode()
        for release in self.releases:
            if found := re.fullmatch(rf"{PREFIX}{re.escape(release.version)}/download/(\w+)/(\w+)", path):
                return self._download(release, *found.groups())
            if path.startswith(f"/files/{release.version}/"):
                file = release.folder / path.rsplit("/", 1)[1]
                return file.read_bytes() if file.is_file() else None
        return None

    def _download(self, release: Release, system: str, processor: str) -> bytes | None:
        package = release.file(f"{system}_{processor}.zip")
        if not package.is_file():
            return None
        files = f"{self.origin}/files/{release.version}/"
        answer = {"protocols": ["6.0"], "os": system, "arch": processor, "filename": package.name}
        answer |= {"download_url": files + package.name, "shasum": _listed(release, package.name) or sha256(package)}
        answer |= {"shasums_url": files + release.sums.name, "shasums_signature_url": files + release.sums.name + ".sig"}
        keys = [{"key_id": key, "ascii_armor": armor} for key, armor in self.keys]
        return json.dumps(answer | {"signing_keys": {"gpg_public_keys": keys}}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = registry.answer(self.path)
                self.send_response(200 if content is not None else 404)
                self.send_header("Content-Type", "application/json" if self.path.startswith("/v1/") else "application/octet-stream")
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _zips(release: Release) -> list[Path]:
    return sorted(release.folder.glob("*.zip"))


def _platform(package: Path) -> dict[str, str]:
    system, processor = package.stem.split("_")[-2:]
    return {"os": system, "arch": processor}


def _listed(release: Release, name: str) -> str | None:
    """The sum that SHA256SUMS gives, which is what a registry answers with."""
    for line in release.sums.read_text().splitlines():
        if line.endswith(f"  {name}"):
            return line.split(" ")[0]
    return None
