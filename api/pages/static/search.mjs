/** Comforts of the search form; the form works without them. */
import { makeCombobox } from "./combobox.mjs";
import "./page.mjs";

function makeStepper(stepper) {
  const input = stepper.querySelector("input");
  const button = (sign, label, by) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button quiet";
    made.textContent = sign;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => {
      const next = (Number.parseInt(input.value, 10) || 0) + by;
      input.value = String(Math.min(Number(input.max), Math.max(Number(input.min), next)));
    });
    return made;
  };
  input.before(button("−", stepper.dataset.less, -1));
  input.after(button("+", stepper.dataset.more, 1));
}

document.querySelectorAll("[data-places]").forEach(makeCombobox);
document.querySelectorAll("[data-stepper]").forEach(makeStepper);
document.documentElement.dataset.ready = "true";
