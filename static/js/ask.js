/*
 * The list of colleagues to be asked: looked through by name, and, where a queue is chosen, of those who may
 * read there. Who is ticked stays in sight; who is not there is not asked.
 */
import { behave } from "./behave.js";

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

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
  list.addEventListener("change", show);
  if (queue) queue.addEventListener("change", show);
  show();
});
