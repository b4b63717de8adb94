// What the Resources tab does beyond the page itself: the header's check box ticks those below at once, and
// the rows show how running synchronisations go. The page works without it.
"use strict";

const all = document.getElementById("all");
const before = document.getElementById("all-before");
const found = document.getElementById("scope-found");
const boxes = [...document.querySelectorAll("input[name=enabled]")];

if (all) {
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) {
    box.addEventListener("change", () => {
      if (found.checked) return;
      // From here on the single boxes count, so the header's is as it was.
      all.checked = boxes.every((it) => it.checked);
      before.value = all.checked ? "on" : "";
    });
  }
}

const table = document.querySelector("table[data-progress]");
if (table) {
  const events = new EventSource(table.dataset.progress);
  events.addEventListener("message", (event) => {
    for (const row of JSON.parse(event.data)) {
      const line = document.getElementById(`user-${row.user}`);
      if (!line) continue;
      for (const name of ["attempt", "result", "error", "counts", "next"]) {
        line.querySelector(`[data-cell=${name}]`).textContent = row[name];
      }
      line.querySelector("[data-cell=ready]").disabled = !row.ready;
    }
  });
}
