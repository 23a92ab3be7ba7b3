/*
 * Menus are <details name>: they open without script. Script closes them on Esc, on a press beside them, and
 * gives the focus back.
 */
import { behave } from "./behave.js";

behave("details.drop", (menu) => {
  let open = null;
  menu.addEventListener("toggle", () => {
    open?.abort();
    if (!menu.open) return;
    open = new AbortController();
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary").focus();
    }, open);
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    }, open);
  });
});
