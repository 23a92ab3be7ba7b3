/*
 * Ticks of a list, for something to be done to many tickets at once. They are remembered for this tab, list by
 * list, so that they outlast paging, another order and a reload; what is ticked on other pages goes with the
 * form in one field. Once it was sent they are gone.
 */
import { behave } from "./behave.js";

const PREFIX = "kvv-ticks:";
const keyOf = (path) => PREFIX + path;
const number = (tick) => tick.split(":")[0];

const read = (key) => {
  try { return new Map(JSON.parse(sessionStorage.getItem(key) ?? "[]").map((tick) => [number(tick), tick])); }
  catch { return new Map(); }
};
const keep = (key, ticks) => {
  try { sessionStorage.setItem(key, JSON.stringify([...ticks.values()])); } catch { /* they stay on this page */ }
};

behave("form[data-picks]", (form) => {
  const key = keyOf(form.dataset.picks || location.pathname);
  const boxes = () => [...form.elements].filter(({ name }) => name === "t");
  const { all, elsewhere } = form.elements;
  const count = form.querySelector(".bulk__n");
  const first = count.textContent;
  const ticks = read(key);

  const show = () => {
    const here = boxes();
    const there = new Set(here.map(({ value }) => number(value)));
    elsewhere.value = [...ticks.values()].filter((tick) => !there.has(number(tick))).join(",");
    all.checked = here.length > 0 && here.every(({ checked }) => checked);
    form.toggleAttribute("data-chosen-some", ticks.size > 0);
    const { one, many } = form.dataset;
    count.textContent = ticks.size > 1 ? many.replace("#", ticks.size) : ticks.size ? one : first;
  };
  const tick = ({ checked, value }) => (checked ? ticks.set(number(value), value) : ticks.delete(number(value)));
  const changed = () => { keep(key, ticks); show(); };

  for (const box of boxes()) box.checked = ticks.has(number(box.value));
  form.closest(".overview").addEventListener("change", ({ target }) => {
    if (target === all) for (const box of boxes()) { box.checked = all.checked; tick(box); }
    else if (target.name === "t") tick(target);
    else return;
    changed();
  });
  form.addEventListener("reset", () => {
    ticks.clear();
    for (const box of boxes()) box.checked = false;
    setTimeout(changed);  // the browser puts its own first values back after this
  });
  show();
});

behave("[data-picks-sent]", ({ dataset: { picksSent } }) => {
  const [path] = picksSent.split("?");
  const isOf = (key) => key === keyOf(path) || key.startsWith(keyOf(`${path}?`));
  try { for (const key of Object.keys(sessionStorage).filter(isOf)) sessionStorage.removeItem(key); } catch { /* nothing to forget */ }
});
