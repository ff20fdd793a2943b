// What asks again by itself rests while nobody looks, while a finger is on it and while its text is being selected.
// hx-trigger="poll" asks every two seconds, hx-trigger="every 30s" as often as it says. An htmx trigger filter would
// need eval, which our policy forbids.
(() => {
  const POLLS = '[data-behaviour~="poll-when-visible"]';
  const EVERY = 2000;
  let pressed = null;

  const selecting = (element) => {
    const selection = document.getSelection();
    return selection && !selection.isCollapsed && element.contains(selection.anchorNode);
  };

  const busy = (element) => document.hidden || (pressed && element.contains(pressed)) || selecting(element);

  const ask = (name) => {
    for (const element of document.querySelectorAll(POLLS)) {
      if (!busy(element)) element.dispatchEvent(new CustomEvent(name));
    }
  };

  // htmx sends "every" at the element itself; it does not bubble, but capturing still meets it first.
  document.addEventListener("every", (event) => {
    if (event.target.matches(POLLS) && busy(event.target)) event.stopImmediatePropagation();
  }, true);

  document.addEventListener("pointerdown", (event) => { pressed = event.target; }, true);
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => { pressed = null; }, true);
  }

  setInterval(ask, EVERY, "poll");
  document.addEventListener("visibilitychange", () => ["poll", "every"].forEach(ask));
})();
