"""Notices to a web address, whose path may be a secret: only its host is ever printed."""

from typing import Any, Final
from urllib.parse import urlsplit

import requests
from ringfence.types.errors import RingfenceError

from ringfence_operations.node.rpc import Temporary

PATIENCE: Final = 10  # seconds
REFUSED: Final = 300


class NotDelivered(Temporary):
    """The address did not take a notice, which is to be posted again."""


class Webhook:
    """Posts notices as JSON."""

    def __init__(self, url: str) -> None:
        """Take an ``http`` or ``https`` address; raises RingfenceError for anything else."""
        try:
            parts = urlsplit(url)
            self.host = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
        except ValueError:
            raise RingfenceError("--webhook: this is no URL; give one like https://host/path") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RingfenceError("--webhook: the URL must begin with https:// or http:// and have a host")
        self._url = url

    def post(self, notice: dict[str, Any]) -> None:
        """Post a notice; raises NotDelivered."""
        try:
            response = requests.post(self._url, json=notice, timeout=PATIENCE, allow_redirects=False)
        except (requests.RequestException, ValueError) as failure:
            # its text would have the whole URL
            raise NotDelivered(f"--webhook {self.host}: no answer ({type(failure).__name__})") from None
        if response.status_code >= REFUSED:
            raise NotDelivered(f"--webhook {self.host}: refused the notice, HTTP {response.status_code}")
