// Arrow keys go from shift to shift in the week: left and right to the next day, up and down within it and beyond.
// Everything is reached with the Tab key as well, so that nothing is lost where this does not run.
(() => {
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  const places = (cell) => [...cell.querySelectorAll("a, [tabindex]")];

  const cellAt = (table, row, column) => table.tBodies[0].rows[row]?.cells[column];

  const go = (table, cell, here, [down, across]) => {
    const row = cell.parentElement.sectionRowIndex;
    if (across) return places(cellAt(table, row, cell.cellIndex + across) ?? cell)[0];
    const inside = places(cell);
    const next = inside[inside.indexOf(here) + down];
    if (next) return next;
    const beyond = cellAt(table, row + down, cell.cellIndex);
    return beyond && places(beyond).at(down > 0 ? 0 : -1);
  };

  const onKey = (event) => {
    const cell = event.target.closest("tbody td");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const table = event.currentTarget;
    let to = STEPS[event.key] && go(table, cell, event.target, STEPS[event.key]);
    if (event.key === "Home") to = places(cell.parentElement.cells[1])[0];
    if (event.key === "End") to = places([...cell.parentElement.cells].at(-1))[0];
    if (!to) return;
    event.preventDefault();
    to.focus();
  };

  document.querySelectorAll('[data-behaviour~="arrow-keys"]').forEach((table) => table.addEventListener("keydown", onKey));
})();
