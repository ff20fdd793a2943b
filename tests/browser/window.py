"""A browser window of one person, which looks at every page it comes to and remembers what is wrong with it."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from tests.support.browser import axe, no_sideways_scroll

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

Size = tuple[int, int]
DESK, PHONE = (1280, 800), (375, 667)
PATIENCE_MS = 15_000
PAGE_IS_WRONG = "422"  # what Chromium's console says of an answer that shows what was typed wrong


# Which kinds of element stand in which: pages that agree in this are alike to axe, which takes a second for each.
KINDS_OF_ELEMENTS = """() => [...new Set([...document.querySelectorAll('*')].map(element =>
    [element.parentElement, element].map(each => each && each.tagName + '.' + each.className).join('>')
))].sort().join(' ')"""


class Window:
    """A context with a page of its own; at the end it must have had nothing to complain of.

    `seen` is what windows have looked at before.
    """

    def __init__(
        self, browser: Browser, address: str, seen: set[object], size: Size = DESK, *, javascript: bool = True
    ) -> None:
        width, height = self.size = size
        self.context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="en-GB",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.javascript = javascript
        self.seen = seen
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __enter__(self) -> Window:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.close()
        if kind is None:
            assert not self.complaints, "\n".join(self.complaints)

    def go(self, path: str) -> None:
        """Go to a page by its address, and look at it."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.look()

    def follow(self, link: str) -> None:
        """Follow a link of the page itself, and look at where it leads."""
        self.leave_by(self.main.get_by_role("link", name=link).first)

    def press(self, button: str) -> None:
        """Press a button of the page itself that leads to another page, and look at that."""
        self.leave_by(self.main.get_by_role("button", name=button, exact=True))

    def leave_by(self, way: Locator) -> None:
        """Click on what leads to another page, and look at that."""
        with self.page.expect_event("load"):  # htmx rewrites the history too, which is no new page
            way.click()
        self.look()

    def look(self) -> None:
        """See that the page can be used by everybody, and fits the window; axe itself needs JavaScript."""
        alike = (self.size, self.page.evaluate(KINDS_OF_ELEMENTS))
        if self.javascript and alike not in self.seen:
            self.seen.add(alike)
            self.complaints += [f"{self.page.url}: {found}" for found in axe(self.page)]
        try:
            no_sideways_scroll(self.page)
        except AssertionError as error:
            self.complaints.append(f"{self.page.url}: {error}")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as a person does."""
        self.go("/sign-in")
        self.fill(email=email, password=password)
        self.press("Sign in")

    def fill(self, **fields: str) -> None:
        """Type into the fields of these names."""
        for name, text in fields.items():
            self.main.locator(f'[name="{name}"]').fill(text)

    @property
    def main(self) -> Locator:
        """The page itself, without what stands around each page."""
        return self.page.locator("main")

    @property
    def text(self) -> str:
        """The words of the page itself."""
        return " ".join(self.main.inner_text().split())

    def has_focus(self, element: Locator) -> bool:
        """Say whether what is typed goes to this element."""
        return bool(element.evaluate("element => element === document.activeElement"))

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and PAGE_IS_WRONG not in said.text:
            self.complaints.append(f"{self.page.url}: {said.text}")
