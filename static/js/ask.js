/*
 * The list of colleagues to be asked: looked through by name, and, where a queue is chosen, of those who may
 * read there. Who is ticked stays in sight; who is not there is not asked. '@Joost' in the text ticks the only
 * Joost of the list, '@Joost Jansen' that one, for as long as it stands there.
 */
import { behave } from "./behave.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const isInWord = (letter) => /[\p{L}\p{N}]/u.test(letter ?? "");

/* Whether a text says this name, as words of their own: no address does. */
function says(text, name) {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isInWord(text[at - 1]) && !isInWord(text[at + name.length])) return true;
  }
  return false;
}

behave("[data-colleagues]", (list) => {
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const filter = list.querySelector("[data-name-filter]");
  const count = list.querySelector("[data-ticked]");
  const queue = list.dataset.ofQueue && list.closest("form").elements[list.dataset.ofQueue];

  const reads = ({ dataset: { queues } }) => !queue || (queue.value && (!queues || queues.split(" ").includes(queue.value)));
  const show = () => {
    const words = plain(filter?.value ?? "").split(/\s+/);
    for (const box of boxes) {
      box.disabled = !reads(box);
      const name = plain(box.closest("label").textContent);
      const isMeant = box.checked || words.every((word) => name.includes(word));
      box.closest("label").hidden = box.disabled || !isMeant;
    }
    list.hidden = boxes.every(({ disabled }) => disabled);
    count.textContent = boxes.filter(({ checked, disabled }) => checked && !disabled).length || "";
  };

  if (filter) {
    filter.hidden = false;
    filter.addEventListener("input", (event) => { event.stopPropagation(); show(); });
    filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
  const nameOf = (box) => plain(box.closest("label").textContent.trim());
  const firstOf = (box) => nameOf(box).split(/\s/)[0];
  const isOnly = (box) => boxes.every((other) => other === box || firstOf(other) !== firstOf(box));
  const named = new Set();
  const readText = () => {
    const text = plain(list.closest("form").querySelector(".editor__area")?.innerText ?? "");
    for (const box of text.includes("@") || named.size ? boxes : []) {
      const isNamed = says(text, `@${nameOf(box)}`) || (isOnly(box) && says(text, `@${firstOf(box)}`));
      if (isNamed === named.has(box)) continue;
      named[isNamed ? "add" : "delete"](box);
      box.checked = isNamed;
      list.open ||= isNamed;
    }
    show();
  };
  list.closest("form").addEventListener("input", readText);
  list.addEventListener("change", show);
  if (queue) queue.addEventListener("change", show);
  show();
});
