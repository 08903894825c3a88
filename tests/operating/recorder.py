"""Stands between a program and a node, and writes down the name of everything that is asked.

A program of its own, since the EVM holds this process while it waits for an answer.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen


@contextmanager
def recording(url: str, log: Path) -> Iterator[str]:
    """Give the URL of a go-between to a node; ``log`` gets the methods called there, line by line."""
    command = [sys.executable, __file__, url, str(log)]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


class GoBetween(BaseHTTPRequestHandler):
    """Passes every question on, and every answer back."""

    protocol_version = "HTTP/1.1"
    url: str
    log: Path

    def do_POST(self) -> None:
        """Write down the methods, and pass the question on."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked: Any = json.loads(body)
        with self.log.open("a") as log:
            log.writelines(each["method"] + "\n" for each in (asked if isinstance(asked, list) else [asked]))
        with urlopen(Request(self.url, body, {"Content-Type": "application/json"})) as answer:
            content = answer.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    GoBetween.url, GoBetween.log = sys.argv[1], Path(sys.argv[2])
    server = ThreadingHTTPServer(("127.0.0.1", 0), GoBetween)
    print(server.server_address[1], flush=True)
    server.serve_forever()
