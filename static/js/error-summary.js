// The summary of what is wrong takes the focus when it appears, and its links go to the field itself.
(() => {
  const SUMMARY = '[data-behaviour~="error-summary"]';

  const met = new WeakSet();

  const focus = (again) => {
    const summary = document.querySelector(SUMMARY);
    if (!summary || (met.has(summary) && !again)) return;
    met.add(summary);
    summary.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`${SUMMARY} a[href^="#"]`);
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const label = field.closest("fieldset")?.querySelector("legend") || field.labels?.[0];
    label?.scrollIntoView();
    field.focus({ preventScroll: Boolean(label) });
  });

  // Only after an answer to something pressed: what asks by itself (polling, autosaving) must not steal the focus.
  document.addEventListener("htmx:finally:request", (event) => {
    const cause = event.detail?.ctx?.sourceEvent?.type;
    if (cause === "submit" || cause === "click") requestAnimationFrame(() => focus(cause === "submit"));
  });

  focus(false);
})();
