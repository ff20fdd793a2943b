// "5 minutes ago" stays true while the page is open. Ages count from the server's words, never from this computer's clock.
// Past twelve hours flowapp/web/filters.py names the day instead, so here the exact words take over.
(() => {
  const COUNTED_FOR = 12 * 3600;
  const EVERY = 20000;
  const drawn = new WeakMap(); // element -> the words of the server it was drawn with, and when

  const count = (number, unit) => `${number} ${unit}${number === 1 ? "" : "s"}`;

  const words = (age) => {
    const seconds = Math.abs(age);
    if (seconds < 60) return age >= 0 ? "just now" : "in a moment";
    const length = seconds < 3600
      ? count(Math.floor(seconds / 60), "minute")
      : count(Math.floor(seconds / 3600), "hour");
    return age > 0 ? `${length} ago` : `in ${length}`;
  };

  const refresh = (element) => {
    const key = element.dateTime + element.dataset.age;
    if (drawn.get(element)?.key !== key) drawn.set(element, { key, at: performance.now() });
    const drawnAge = Number(element.dataset.age);
    const passed = (performance.now() - drawn.get(element).at) / 1000;
    if (passed < 1 || Math.abs(drawnAge) >= COUNTED_FOR) return;
    const age = Math.floor(drawnAge + passed);
    const relative = element.querySelector(".time__relative");
    const exact = element.querySelector(".time__exact").textContent.trim();
    const now = Math.abs(age) < COUNTED_FOR ? words(age) : exact;
    if (relative.textContent !== now) relative.textContent = now;
  };

  const refreshAll = () => {
    if (!document.hidden) document.querySelectorAll('[data-behaviour~="relative-time"]').forEach(refresh);
  };

  refreshAll();
  setInterval(refreshAll, EVERY);
  document.addEventListener("visibilitychange", refreshAll);
  document.addEventListener("htmx:after:settle", refreshAll);
})();
