/*
 * Files of a visitor's form: what is chosen, or dropped beside it, stands there by its name until the form is sent,
 * more can come to it, and each can be taken out again. What is too big is told, and not sent for nothing.
 * Without script the browser's own control stands there.
 */
import { behave } from "./behave.js";

const MB = 1024 * 1024;
const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

function inWords(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [amount, unit] = bytes < MB ? [bytes / 1024, "kilobyte"] : [bytes / MB, "megabyte"];
  const maximumFractionDigits = unit === "megabyte" && amount < 10 ? 1 : 0;
  const words = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits });
  return words.format(amount);
}

behave("[data-dropped]", (zone) => {
  const input = zone.querySelector("input[type=file]");
  const list = zone.querySelector("[data-list]");
  const line = list.querySelector("template").content;
  const complaint = zone.querySelector("[data-too-big]");
  let chosen = [];

  const show = () => {
    const all = new DataTransfer();
    for (const file of chosen) all.items.add(file);
    input.files = all.files;
    list.querySelector("ul").replaceChildren(...chosen.map((file) => {
      const shown = line.cloneNode(true);
      shown.querySelector(".files__name").textContent = file.name;
      shown.querySelector(".files__size").textContent = inWords(file.size);
      shown.querySelector("button").dataset.takes = chosen.indexOf(file);
      shown.querySelector(".visually-hidden").append(`: ${file.name}`);
      return shown;
    }));
    complaint.hidden = chosen.reduce((sum, { size }) => sum + size, 0) <= Number(zone.dataset.dropped);
  };
  const add = (files) => {
    chosen = [...chosen, ...[...files].filter((file) => !chosen.some((each) => same(each, file)))];
    show();
  };

  zone.classList.add("is-live");
  input.addEventListener("change", () => { if (input.files.length) add(input.files); else show(); });
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-takes]");
    if (!button) return;
    chosen.splice(Number(button.dataset.takes), 1);
    show();
    input.focus();
  });
  zone.closest("form").addEventListener("submit", (event) => {
    if (complaint.hidden || input.disabled) return;
    event.preventDefault();
    input.focus();
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("is-over", name === "dragover");
      if (name === "drop") add(event.dataTransfer.files);
    });
  }
  // A browser that brings the page back may bring what was chosen.
  addEventListener("pageshow", () => add(input.files));
});
