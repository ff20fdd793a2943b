// Elements that ask again every so often (hx-trigger="every 2s") rest while nobody looks, while a finger is on
// them and while text in them is being selected. A trigger filter would need eval, which our policy forbids.
(() => {
  const POLLS = '[data-behaviour~="poll-when-visible"]';
  let pressed = null;

  const selecting = (element) => {
    const selection = document.getSelection();
    return selection && !selection.isCollapsed && element.contains(selection.anchorNode);
  };

  const busy = (element) => document.hidden || (pressed && element.contains(pressed)) || selecting(element);

  // htmx sends "every" at the element itself; it does not bubble, but capturing still meets it first.
  document.addEventListener("every", (event) => {
    if (event.target.matches(POLLS) && busy(event.target)) event.stopImmediatePropagation();
  }, true);

  document.addEventListener("pointerdown", (event) => { pressed = event.target; }, true);
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => { pressed = null; }, true);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    document.querySelectorAll(POLLS).forEach((element) => element.dispatchEvent(new CustomEvent("every")));
  });
})();
