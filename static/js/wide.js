/* A box that is folded on a telephone is open where there is room for it. */
import { behave } from "./behave.js";

const WIDE = matchMedia("(min-width: 48rem)");

behave("details[data-open-wide]", (box) => { if (WIDE.matches) box.open = true; });
