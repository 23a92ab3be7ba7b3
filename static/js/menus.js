/*
 * Menus are <details name>: they open without script. Script closes them on Esc, on a press beside them, and
 * gives the focus back. It listens from the start, not from when a menu says that it is open, which it says
 * late.
 */
import { behave } from "./behave.js";

const openMenus = () => document.querySelectorAll("details.drop[open]");

behave("body", (body) => {
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  body.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
});
