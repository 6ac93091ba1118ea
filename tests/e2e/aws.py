"""What answers the AWS provider: moto, behind a few lines for the calls that it lacks.

Everything listens on loopback alone. The calls that change something are remembered by name.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

ACCOUNT = "111122223333"

# The AWS provider asks these while it plans and applies, and retries for minutes when they fail; moto has neither.
ANSWERS = {
    "AWSStepFunctions.ValidateStateMachineDefinition": {"result": "OK", "diagnostics": [], "truncated": False},
    "AWSStepFunctions.ListStateMachineVersions": {"stateMachineVersions": []},
}
READING = re.compile(r"^(Get|List|Describe|Validate|Lookup)")


class Aws:
    """moto and the proxy before it, for as long as the `with` block runs."""

    def __init__(self, log: str):
        self.calls: list[str] = []
        self._log = log

    def __enter__(self) -> "Aws":
        environment = {**os.environ, "MOTO_ACCOUNT_ID": ACCOUNT}
        with open(self._log, "wb") as log:
            self._moto = subprocess.Popen(
                [sys.executable, "-c", _MOTO], stdout=subprocess.PIPE, stderr=log, env=environment
            )
        # It listens on a port that the system chose, and says which.
        line = self._moto.stdout.readline().strip()
        if not line.isdigit():
            raise RuntimeError(f"moto did not start, see {self._log}")
        self._origin = f"http://127.0.0.1:{int(line)}"
        self._proxy = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._origin, self.calls))
        self._thread = threading.Thread(target=self._proxy.serve_forever, daemon=True)
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._proxy.server_address[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._proxy.shutdown()
        self._proxy.server_close()
        self._moto.kill()
        self._moto.wait()
        self._moto.stdout.close()

    def reset(self) -> None:
        """Forgets every role and state machine, and the calls."""
        self.calls.clear()
        request = urllib.request.Request(f"{self._origin}/moto-api/reset", method="POST")
        urllib.request.urlopen(request).close()

    def client(self, service: str, region: str):
        """A client of moto itself, past the proxy."""
        import boto3

        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self._origin,
            aws_access_key_id="none",
            aws_secret_access_key="none",
        )


_MOTO = """
import sys
from werkzeug.serving import make_server
from moto.server import DomainDispatcherApplication, create_backend_app
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""


def _operation(headers, body: bytes) -> str:
    """The name of the called operation: of the JSON protocol in a header, of the query protocol in the body, of REST the method."""
    target = headers.get("X-Amz-Target", "")
    if target:
        return target
    return parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]


def _handler(origin: str, calls: list[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body leave in one piece: the AWS SDK gives up on a body that comes late.
        wbufsize = -1
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            operation = _operation(self.headers, body)
            name = operation.rsplit(".", 1)[-1]
            if name and not READING.match(name):
                calls.append(name)
            if operation in ANSWERS:
                self.reply(200, "application/x-amz-json-1.0", json.dumps(ANSWERS[operation]).encode())
                return
            headers = {key: value for key, value in self.headers.items() if key.lower() not in ("host", "connection")}
            # moto takes the service and the region from the signature.
            request = urllib.request.Request(origin + self.path, data=body or None, headers=headers, method=self.command)
            try:
                with urllib.request.urlopen(request) as response:
                    self.reply(response.status, response.headers.get("Content-Type", ""), response.read())
            except urllib.error.HTTPError as error:
                self.reply(error.code, error.headers.get("Content-Type", ""), error.read())

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

        def reply(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
