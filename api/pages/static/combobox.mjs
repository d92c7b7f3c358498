/**
 * Suggestions below an address field, after the WAI-ARIA pattern "editable combobox with list
 * autocomplete". Without this module the field is a plain text field and the server asks back.
 *
 * The chosen place travels in the hidden field next to the input as "lon,lat|label"; typing anything
 * else empties it, so that text and place never disagree.
 */

const WAIT_MS = 150;
const LEAST_LETTERS = 2;

/** A stop and the house it stands at have one name: to a rider they are one place. */
function onceEach(places) {
  return [...new Map(places.toReversed().map((place) => [place.label, place])).values()].toReversed();
}

/** @param {HTMLElement} field holds an input, a hidden input, data-places and the texts as data. */
export function makeCombobox(field) {
  const input = field.querySelector("input.control");
  const chosen = field.querySelector('input[type="hidden"]');
  const texts = field.closest("[data-search]").dataset;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let places = [];
  let active = -1;
  let timer = 0;
  let request = null;
  /** The list is still that of an older text; keys wait for the right one. */
  let late = false;
  /** What keys asked of a list that has not come: which option, and whether to take it. */
  let wish = null;

  list.id = `${input.id}-list`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", texts.suggestions);
  list.hidden = true;
  tell("");
  status.setAttribute("role", "status");
  field.append(list, status);
  for (const [name, value] of [
    ["role", "combobox"], ["autocomplete", "off"], ["aria-autocomplete", "list"],
    ["aria-expanded", "false"], ["aria-controls", list.id],
  ]) input.setAttribute(name, value);

  /** Say something below the field: to screen readers, and where it asks for something to everybody. */
  function tell(text, toEverybody = false) {
    status.className = toEverybody ? "request" : "visually-hidden";
    status.textContent = text;
  }

  function unmark() {
    active = -1;
    input.removeAttribute("aria-activedescendant");
    for (const option of list.children) option.setAttribute("aria-selected", "false");
  }

  function close() {
    list.hidden = true;
    late = false;
    wish = null;
    unmark();
    input.setAttribute("aria-expanded", "false");
  }

  function mark(index) {
    const options = list.children;
    active = (index + options.length) % options.length;
    for (const [i, option] of [...options].entries()) {
      option.setAttribute("aria-selected", String(i === active));
    }
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function choose(index) {
    const place = places[index];
    if (place.number_missing) {
      askForNumber(place);
      return;
    }
    input.value = place.label;
    chosen.value = `${place.lon.toFixed(6)},${place.lat.toFixed(6)}|${place.label}`;
    tell("");
    close();
  }

  /** A whole street or village is nobody's door: the cursor waits where the number goes. */
  function askForNumber(place) {
    const street = place.kind === "street" ? place.label.split(", ", 1)[0] : "";
    input.value = `${street} ${place.label.slice(street.length)}`;
    chosen.value = "";
    close();
    tell(street ? texts.addNumber : texts.addStreet, true);
    input.setSelectionRange(street.length + Boolean(street), street.length + Boolean(street));
  }

  function show() {
    list.replaceChildren(...places.map((place, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(place.label);
      const remarks = [[place.number_missing, texts.missing], [!place.inside, texts.outside]];
      for (const [applies, text] of remarks) {
        if (!applies) continue;
        const remark = document.createElement("small");
        remark.textContent = text;
        option.append(remark);
      }
      // before blur, and without taking the focus out of the field
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(index));
      return option;
    }));
    unmark();
    list.hidden = places.length === 0;
    input.setAttribute("aria-expanded", String(places.length > 0));
    tell(places.length ? texts.found.replace("{n}", String(places.length)) : texts.nothing);
    const asked = wish;
    late = false;
    wish = null;
    if (!asked || !places.length) return;
    mark(asked.index);
    if (asked.take) choose(active);
  }

  async function ask() {
    const text = input.value.trim();
    request?.abort();
    if (text.length < LEAST_LETTERS) {
      places = [];
      tell("");
      close();
      return;
    }
    request = new AbortController();
    try {
      const url = `${field.dataset.places}?q=${encodeURIComponent(text)}&limit=6`;
      const response = await fetch(url, { signal: request.signal, headers: { Accept: "application/json" } });
      if (!response.ok) close();
      if (!response.ok || document.activeElement !== input) return;
      places = onceEach((await response.json()).places);
      show();
    } catch (error) {
      // no network: the server asks back after the form is sent
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    chosen.value = "";
    unmark();
    wish = null;
    late = true;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    close();
  });
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (late) {
        wish = { index: event.key === "ArrowDown" ? 0 : -1, take: false };
        return;
      }
      if (!open && places.length && input.value) show();
      if (!list.hidden) mark(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter" && wish) {
      event.preventDefault();
      wish.take = true;
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      clearTimeout(timer);
      request?.abort();
      close();
    } else if (event.key === "Tab" && open && active >= 0) {
      choose(active);
    }
  });
}
