// A second press while the first is on its way sends nothing; a button marked aria-disabled does nothing.
// The server refuses doubles too (a nonce), so this only spares people the wait.
(() => {
  const LONGEST_WAIT = 10000; // then the form answers again, whatever became of the request
  const waiting = new WeakMap();

  const release = (form) => {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    form.querySelectorAll("[data-sending]").forEach((button) => button.removeAttribute("data-sending"));
  };

  const stop = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches('[data-behaviour~="disable-on-submit"]')) return;
    if (waiting.has(form)) return stop(event);
    waiting.set(form, setTimeout(release, LONGEST_WAIT, form));
    event.submitter?.setAttribute("data-sending", "");
  }, true);

  document.addEventListener("click", (event) => {
    if (event.target.closest?.('[aria-disabled="true"]')) stop(event);
  }, true);

  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail?.ctx?.sourceElement?.closest("form");
    if (form) release(form);
  });

  // Coming back with the Back button shows the page as it was left: still waiting.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach(release);
  });
})();
