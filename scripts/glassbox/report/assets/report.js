// What the pages of the report do: theme, sorting, filters, and the times of a run. No page needs it to be read.
"use strict";

const THEMES = { "": "as the system", light: "light", dark: "dark" };
const FIRST = 25; // statements that are shown until more are asked for
const LONGEST = 12; // rules whose times are

function remembered(key, value) {
  try { // a browser may keep nothing for pages from files
    if (value === undefined) return localStorage.getItem(key) || "";
    localStorage.setItem(key, value);
  } catch { /* not remembered */ }
  return value || "";
}

function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

function themeSwitch() {
  const button = document.getElementById("theme");
  const names = Object.keys(THEMES);
  let theme = remembered("theme");
  const show = () => { button.querySelector("span").textContent = THEMES[theme]; setTheme(theme); };
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = names[(names.indexOf(theme) + 1) % names.length];
    remembered("theme", theme);
    show();
  });
  show();
}

function sortable(table) {
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    header.replaceChildren(button);
    header.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const descending = header.getAttribute("aria-sort") === "ascending";
      headers.forEach((each) => each.setAttribute("aria-sort", "none"));
      header.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => [keyOf(row.cells[column]), row]);
      rows.sort(([one], [other]) => compare(one, other, descending ? -1 : 1));
      body.append(...rows.map(([, row]) => row));
      table.dispatchEvent(new Event("sorted"));
    });
  });
}

function keyOf(cell) {
  const text = cell.dataset.sort ?? cell.textContent.trim();
  const number = parseFloat(text);
  if (text === "" || text === "–" || text === "nan" || text === "nothing compared") return null;
  return Number.isNaN(number) ? text.toLowerCase() : number;
}

// What has no value comes last, whichever way it is sorted; numbers come before words.
function compare(one, other, sign) {
  if (one === null || other === null) return (one === null) - (other === null);
  if (typeof one !== typeof other) return typeof one === "number" ? -sign : sign;
  return sign * (typeof one === "number" ? one - other : one.localeCompare(other));
}

function filters(form) {
  const table = document.getElementById("statements");
  const more = document.getElementById("more");
  let all = false;
  const fields = () => Object.fromEntries(new FormData(form));
  const fill = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (![...asked.keys()].some((key) => form.elements[key])) return false;
    form.reset();
    for (const [key, value] of asked) if (form.elements[key]) form.elements[key].value = value;
    return true;
  };
  // As it is typed: ids and names have hyphens and spaces that no line breaks at.
  const plain = (text) => text.toLowerCase().replaceAll("\u2011", "-").replaceAll("\u00a0", " ");
  const show = () => {
    const wanted = fields();
    const text = plain(wanted.text.trim());
    const found = [...table.tBodies[0].rows].filter((row) => {
      const fits = ["work", "verdict", "kind", "asked"].every((key) => !wanted[key] || row.dataset[key] === wanted[key]);
      row.hidden = !(fits && (!text || plain(row.textContent).includes(text)));
      return !row.hidden;
    });
    const left = all ? 0 : Math.max(0, found.length - FIRST);
    if (left) found.slice(FIRST).forEach((row) => { row.hidden = true; });
    form.querySelector("output").value = `${found.length} of ${table.tBodies[0].rows.length} statements`;
    more.hidden = !left;
    more.textContent = `Show the other ${left}`;
  };
  const change = () => {
    const asked = new URLSearchParams(Object.entries(fields()).filter(([, value]) => value));
    history.replaceState(null, "", asked.size ? `#${asked}` : location.pathname);
    show();
  };
  form.hidden = false;
  form.addEventListener("input", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(change));
  table.addEventListener("sorted", show);
  more.addEventListener("click", () => { all = true; show(); });
  window.addEventListener("beforeprint", () => { all = true; show(); });
  window.addEventListener("hashchange", () => {
    if (!fill()) return;
    show();
    document.getElementById("claims").scrollIntoView();
  });
  if (fill()) document.getElementById("claims").scrollIntoView();
  show();
}

// logs/times.js calls this, where `make study` has written it.
function showTimes({ said, columns, rows }) {
  const place = document.getElementById("times");
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  const body = table.createTBody();
  columns.forEach((name, at) => cell(head, "th", name, at).setAttribute("scope", "col"));
  rows.forEach((row) => {
    const line = body.insertRow();
    row.forEach((value, at) => cell(line, at ? "td" : "th", value, at));
    line.cells[0].setAttribute("scope", "row");
  });
  const scroll = document.createElement("div");
  scroll.className = "scroll";
  scroll.append(table);
  const list = document.createElement("ul");
  said.forEach((text) => { list.append(Object.assign(document.createElement("li"), { textContent: text })); });
  const others = [...body.rows].slice(LONGEST);
  const more = Object.assign(document.createElement("button"), { type: "button" });
  more.textContent = `Show the other ${others.length} rules`;
  const fold = (hidden) => { more.hidden = !hidden; others.forEach((row) => { row.hidden = hidden; }); };
  fold(others.length > 0);
  more.addEventListener("click", () => fold(false));
  table.addEventListener("sorted", () => fold(false));
  window.addEventListener("beforeprint", () => fold(false));
  const links = document.createElement("p");
  links.className = "download";
  links.append("Download this table: ", link("CSV", "times.csv"), ", ", link("Parquet", "times.parquet"), ".");
  place.replaceChildren(list, scroll, more, links);
  sortable(table);
}

function cell(row, kind, value, at) {
  const made = document.createElement(kind);
  made.textContent = value;
  if (at) made.className = "n";
  row.append(made);
  return made;
}

function link(text, file) {
  return Object.assign(document.createElement("a"), { textContent: text, href: `../../logs/${file}`, download: "" });
}

// A claim or a code that is linked to lies in what is closed: open it.
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.closest("section, article")?.querySelectorAll("details").forEach((each, at) => { each.open ||= !at; });
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView();
}

setTheme(remembered("theme"));
document.addEventListener("DOMContentLoaded", () => {
  themeSwitch();
  document.querySelectorAll("table.sortable, #statements").forEach(sortable);
  const form = document.querySelector(".filters");
  if (form) filters(form);
  const place = document.getElementById("times");
  if (place) document.head.append(Object.assign(document.createElement("script"), { src: "../../logs/times.js" }));
  openTarget();
  window.addEventListener("hashchange", openTarget);
});
