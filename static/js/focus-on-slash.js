// The / key goes to the search place, unless somebody is typing. The account page can switch it off.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const place = document.querySelector('[data-behaviour~="focus-on-slash"]');
  if (!place?.checkVisibility?.()) return;
  event.preventDefault();
  place.focus();
});
