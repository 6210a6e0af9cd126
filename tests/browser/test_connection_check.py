"""The technical check in a browser, behind real proxies: one that buffers, one that is only slow, one that lets no
WebSocket through."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser
SAYS = 40_000  # milliseconds: a bound, on any machine
TRIES = 4


class Proxy:
    """TCP proxy on loopback. `way` decides what happens to bytes of the server on their way to the browser:
    'buffers' keeps them for a while and lets them go together, 'slow' delays each by as much, 'blocks' closes a
    connection that asks for a WebSocket."""

    def __init__(self, url: str, way: str) -> None:
        self._to = (urlsplit(url).hostname, urlsplit(url).port)
        self._way = way
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=[browser], daemon=True).start()

    def _connect(self, browser: socket.socket) -> None:
        with browser, suppress(OSError), socket.create_connection(self._to) as server:
            back = threading.Thread(target=self._back, args=[server, browser], daemon=True)
            back.start()
            while sent := browser.recv(65536):
                if self._way == "blocks" and b"Upgrade: websocket" in sent:
                    return
                server.sendall(sent)
            server.shutdown(socket.SHUT_WR)
            back.join()

    def _back(self, server: socket.socket, browser: socket.socket) -> None:
        kept, due = [], None
        is_socket = False
        with suppress(OSError):
            server.settimeout(0.02)
            while True:
                try:
                    got = server.recv(65536)
                except TimeoutError:
                    got = None
                if got == b"":
                    break
                if got:
                    is_socket = is_socket or b"101 Switching Protocols" in got
                    kept.append((time.monotonic(), got))
                if not is_socket:  # pages come through as they are: it is about messages
                    browser.sendall(b"".join(each for _, each in kept))
                    kept.clear()
                elif kept and self._way == "buffers":
                    due = due or time.monotonic() + 1.5
                    if time.monotonic() >= due:
                        browser.sendall(b"".join(each for _, each in kept))
                        kept.clear()
                        due = None
                elif self._way == "slow":
                    while kept and time.monotonic() - kept[0][0] >= 0.7:
                        browser.sendall(kept.pop(0)[1])
                elif kept:
                    browser.sendall(b"".join(each for _, each in kept))
                    kept.clear()
        with suppress(OSError):
            browser.sendall(b"".join(each for _, each in kept))
            browser.shutdown(socket.SHUT_WR)


@contextmanager
def proxied(house, way):
    proxy = Proxy(house.url, way)
    try:
        yield proxy.url
    finally:
        proxy.close()


def verdict(page, url):
    """What the page says of the connection, in its own words as well."""
    page.goto(f"{url}/proef")
    page.wait_for_selector("[data-connection-check][data-said]", timeout=SAYS)
    shown = page.locator("[data-verdict]:visible")
    assert shown.count() == 1
    return page.get_attribute("[data-connection-check]", "data-said"), shown.inner_text()


SAID = {
    "buffers": ("buffered", "Iets op de weg houdt berichten vast"),
    "slow": ("good", "De verbinding is goed"),
    "blocks": ("blocked", "vraagt steeds opnieuw"),
}


def check(page, house, *ways):
    """B24: each of these proxies is told from the others, at one of a few tries: a browser that gets no turn
    reads answers in bunches as well."""
    for way in ways:
        with proxied(house, way) as url:
            for _ in range(TRIES):
                said, words = verdict(page, url)
                if said == SAID[way][0]:
                    break
        assert (way, said) == (way, SAID[way][0])
        assert SAID[way][1] in words


def test_b24_a_proxy_that_buffers_or_blocks_messages_is_told(page, demo_house):
    check(page, demo_house, *SAID)


def test_b24_judging_by_delay_alone_is_caught(page, demo_house):
    """A twin: the page looks at how late answers are, and not at whether they come together."""

    def naive(route):
        source = route.fetch().text()
        assert "const TOGETHER = 0.25;" in source
        route.fulfill(
            body=source.replace("const TOGETHER = 0.25;", "const TOGETHER = -1;"),
            content_type="text/javascript",
        )

    page.route("**/connection_check*.js*", naive)
    with pytest.raises(AssertionError):
        check(page, demo_house, "buffers")


def test_a_speaker_sees_their_own_camera_and_nothing_is_sent(browser, demo_house):
    """With a fake camera; the only requests are those of the page itself."""
    context = browser.new_context(
        locale="nl-NL", permissions=["camera", "microphone"], viewport={"width": 320, "height": 700}
    )
    page = context.new_page()
    page.goto(f"{demo_house.url}/proef")
    page.wait_for_selector("[data-connection-check][data-said]", timeout=SAYS)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = async () => {
          const canvas = document.createElement("canvas");
          canvas.getContext("2d").fillRect(0, 0, 9, 9);
          const sound = new AudioContext();
          const tone = sound.createOscillator(), out = sound.createMediaStreamDestination();
          tone.connect(out); tone.start();
          return new MediaStream([...canvas.captureStream().getTracks(), ...out.stream.getTracks()]);
        }; }"""
    )
    page.get_by_role("button", name="Probeer camera en microfoon").click()
    page.get_by_text("Je microfoon hoort je").wait_for(timeout=SAYS)
    assert page.locator("[data-picture]").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Stop").click()
    page.locator("[data-picture]").wait_for(state="hidden")
    assert [url for url in asked if "/static/" not in url] == []
    context.close()
