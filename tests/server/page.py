#!/usr/bin/env python3
"""The server's page in headless Chromium: it shows what it promises, on wide and narrow screens, and no error.

    page.py COMMAND MODELS [FOLDER]    MODELS: shipped ones; FOLDER: where pictures of it stay, to be looked at

Says so and does nothing where there is no Chromium.
"""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

WRONG = ("Runtime.exceptionThrown", "Log.entryAdded")  # what a page without faults never reports


class Page:
    """A page, by Chromium's DevTools protocol: JSON over a WebSocket."""

    def __init__(self, address):
        host, path = address.removeprefix("ws://").split("/", 1)
        name, port = host.split(":")
        self.socket = socket.create_connection((name, int(port)), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        head = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self.socket.sendall(f"{head}Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.file = self.socket.makefile("rb")
        while self.file.readline() != b"\r\n":
            continue
        self.calls, self.faults = 0, []
        for part in ("Runtime", "Log", "Page"):
            self.call(f"{part}.enable")

    def _receive(self):
        text, last = b"", False
        while not last:
            first, size = self.file.read(2)
            last = first >= 128
            if size >= 126:
                size = int.from_bytes(self.file.read(2 if size == 126 else 8), "big")
            text += self.file.read(size)
        return json.loads(text)

    def call(self, method, **arguments):
        self.calls += 1
        text = json.dumps({"id": self.calls, "method": method, "params": arguments}).encode()
        mask = os.urandom(4)
        self.socket.sendall(b"\x81\xfe" + struct.pack(">H", len(text)) + mask)  # of fewer than 65,536 bytes
        self.socket.sendall(bytes(byte ^ mask[i % 4] for i, byte in enumerate(text)))
        while True:
            answer = self._receive()
            if answer.get("method") in WRONG:
                self.faults.append(json.dumps(answer["params"]))
            if answer.get("id") == self.calls:
                return answer["result"]

    def value(self, expression):
        return self.call("Runtime.evaluate", expression=expression)["result"].get("value")

    def wait_for(self, what, expression):
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if found := self.value(expression):
                return found
            time.sleep(0.05)
        return sys.exit(f"page.py: expected {what}, found {self.value('document.body.innerText')!r} {self.faults}")

    def picture(self, folder, name):
        if folder:
            data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
            (pathlib.Path(folder) / f"{name}.png").write_bytes(base64.b64decode(data))

    def open(self, url, width):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500)
        self.call("Page.navigate", url=url)


def look(page, url, folder):
    losses = "document.querySelectorAll('#losses tr').length"
    page.open(url, 1280)
    page.wait_for("tokens with their losses", "document.querySelectorAll('#tokens span[style]').length > 3")
    page.wait_for("a continuation", "document.querySelector('#written b').textContent.length > 40")
    page.wait_for("a picture", "document.getElementById('picture').width > 8")
    page.picture(folder, "causal")
    page.value("document.getElementById('encoding').value = 'alibi'; document.querySelector('button').click()")
    page.wait_for("a loss by another encoding", f"{losses} === 2")
    shown = page.value("[...document.querySelectorAll('#losses .number')].map(cell => cell.textContent).join(' ')")
    if len(set(shown.split())) != 4:
        sys.exit(f"page.py: expected another loss by another encoding, found {shown}")
    page.picture(folder, "alibi")
    page.value("document.getElementById('encoding').value = 'nonsense'; document.querySelector('button').click()")
    page.wait_for("the error of an unknown encoding", "/nonsense/.test(document.getElementById('error').textContent)")
    page.faults.clear()  # Chromium logs that status
    page.open(url + "?model=masked-learned", 390)
    page.wait_for("candidates for a gap", "document.querySelectorAll('#written tr').length > 3")
    page.wait_for("a loss", f"{losses} === 1")
    page.picture(folder, "masked-narrow")
    page.open(url + "?encoding=bias:score=-m*abs(i-j),m=2^(-8*(h%2B1)/H)", 390)
    page.wait_for("a loss", f"{losses} === 1")
    page.wait_for("a continuation", "document.querySelector('#written b').textContent.length > 40")
    page.picture(folder, "formula-narrow")
    if (width := page.value("document.documentElement.scrollWidth")) > 390:
        sys.exit(f"page.py: expected a page of 390 pixels, found {width}")
    if page.faults:
        sys.exit(f"page.py: expected no errors, found {page.faults}")


@contextlib.contextmanager
def program(*command, **options):
    process = subprocess.Popen(command, text=True, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def main():
    command, models, *folder = sys.argv[1:]
    chromium = shutil.which("chromium")
    if not chromium:
        return print("SKIPPED: the server's page is not looked at: no chromium")
    environment = {**os.environ, "LOCUS_MODELS": models}
    serve = [command, "serve", "causal-rope", "masked-learned", "--port", "0", "--json"]
    headless = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    with program(*serve, env=environment, stdout=subprocess.PIPE) as server, \
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, \
            program(*headless, f"--user-data-dir={profile}", "about:blank", stderr=subprocess.PIPE) as browser:
        url = json.loads(server.stdout.readline())["url"]
        said = next(line for line in browser.stderr if "DevTools listening on" in line)
        host = said.split("ws://")[1].split("/")[0]
        with urllib.request.urlopen(f"http://{host}/json") as answer:
            tabs = json.load(answer)
        address = next(tab for tab in tabs if tab["type"] == "page")["webSocketDebuggerUrl"]
        look(Page(address), url.rstrip("/") + "/", folder[0] if folder else None)
    return print("the server's page: passed")


main()
