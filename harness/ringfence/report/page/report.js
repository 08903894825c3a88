"use strict";

// Sorts a table by a column: numbers by value, the rest by text; a second click turns the order around.
function sortBy(header) {
  const table = header.closest("table");
  const column = [...header.parentNode.children].indexOf(header);
  const rising = header.getAttribute("aria-sort") !== "ascending";
  for (const other of header.parentNode.children) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", rising ? "ascending" : "descending");

  const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  const compare = (a, b) => key(a).localeCompare(key(b), "en", { numeric: true });
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort((a, b) => (rising ? compare(a, b) : compare(b, a))));
}

// Shows the rows that have every word of the input somewhere, and says how many there are.
function filterBy(input) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...document.getElementById(input.dataset.table).tBodies[0].rows];
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
  const shown = rows.filter((row) => !row.hidden).length;
  input.parentNode.querySelector("output").value = words.length ? `${shown} of ${rows.length}` : "";
}

for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => sortBy(button.closest("th")));
}
for (const input of document.querySelectorAll(".filter input")) {
  input.addEventListener("input", () => filterBy(input));
}
