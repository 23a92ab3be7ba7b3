/*
 * A tool bar is one stop for Tab, and arrows go between what is in it (ARIA APG, 'toolbar'). Without script each
 * of its controls is a stop. One that does no more than that says which they are: `data-arrows`.
 */
import { behave } from "./behave.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export class Bar {
  constructor(bar, controls) {
    this.bar = bar;
    this.controls = [...bar.querySelectorAll(controls)];
    this.stop(this.controls[0]);
    bar.addEventListener("keydown", (event) => this.walk(event));
  }

  walk(event) {
    const here = this.controls.indexOf(document.activeElement);
    const last = this.controls.length - 1;
    const edge = { Home: 0, End: last }[event.key];
    const step = STEPS[event.key];
    if (here < 0 || (step === undefined && edge === undefined)) return;
    event.preventDefault();
    const next = this.controls[edge ?? (here + step + this.controls.length) % this.controls.length];
    this.stop(next);
    next.focus();
  }

  /* The one that Tab stops at. */
  stop(control) {
    for (const each of this.controls) each.tabIndex = each === control ? 0 : -1;
  }
}

behave("[data-arrows]", (bar) => new Bar(bar, bar.dataset.arrows));
