"""A browser whose requests the app of a test answers, in this process: no server, and any content at once."""

from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"
PASSED_ON = ("accept", "content-type")


class Hall:
    """A page of `person`, or of a stranger. Redirects are followed by the browser, as with a server."""

    def __init__(self, browser, make, person=None, **how):
        self.client = make.browser(person)
        self.context = browser.new_context(locale="nl-NL", **how)
        self.page = self.context.new_page()
        self.page.route("**/*", self._answer)

    def _answer(self, route):
        asked = route.request
        path = "/" + asked.url.split("/", 3)[3]
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.split("/", 3)[3])  # after its fingerprint
            return
        headers = {name: value for name, value in asked.headers.items() if name in PASSED_ON}
        answer = self.client.open(
            path, method=asked.method, data=asked.post_data_buffer, headers=headers, follow_redirects=True
        )
        told = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
        route.fulfill(status=answer.status_code, headers=told, body=answer.get_data())
        answer.close()

    def go(self, path):
        self.page.goto(f"http://localhost{path}")
        return self.page
