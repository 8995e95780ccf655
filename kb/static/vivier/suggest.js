// Suggestions under a search field while one types: ARIA's combobox with a list. Without this script the field is an
// ordinary one. The focus never leaves the field; the list is drawn as text, never as markup.
(() => {
  const PAUSE = 150;
  const SHORTEST = 2;
  let boxes = 0;

  const made = (name, attributes, ...inside) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };

  const equip = (box) => {
    const field = box.querySelector("input");
    const name = `suggestions-${(boxes += 1)}`;
    const list = made("ul", { id: name, role: "listbox", "aria-label": "Suggestions", hidden: "" });
    const told = made("p", { class: "sr", role: "status" });
    box.append(list, told);
    field.type = "text"; // a search field may not be a combobox
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": name,
      "aria-expanded": "false",
      enterkeyhint: "search",
    };
    for (const [key, value] of Object.entries(attributes)) field.setAttribute(key, value);

    let shown = [];
    let active = -1;
    let pause;
    let asking = new AbortController();

    const mark = (place) => {
      active = place;
      [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
      if (active < 0) {
        field.removeAttribute("aria-activedescendant");
      } else {
        field.setAttribute("aria-activedescendant", list.children[active].id);
        list.children[active].scrollIntoView({ block: "nearest" });
      }
    };

    const show = (suggestions) => {
      shown = suggestions;
      list.replaceChildren(
        ...shown.map(({ note, segments }, at) =>
          made(
            "li",
            { id: `${name}-${at}`, role: "option" },
            made(
              "span",
              {},
              ...segments.map(([text, found]) => (found ? made("b", {}, text) : text)),
              made("span", { class: "sr" }, ", "),
            ),
            made("small", {}, note),
          ),
        ),
      );
      mark(-1);
      list.hidden = !shown.length;
      field.setAttribute("aria-expanded", String(!list.hidden));
    };

    // Whatever is still on its way comes too late.
    const close = () => {
      clearTimeout(pause);
      asking.abort();
      show([]);
      told.textContent = "";
    };

    const ask = async () => {
      clearTimeout(pause);
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      const typed = field.value;
      if (typed.trim().length < SHORTEST) return close();
      try {
        const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal });
        const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
        if (signal.aborted || document.activeElement !== field) return;
        show(suggestions);
        const count = suggestions.length > 1 ? `${suggestions.length} suggestions` : "Une suggestion";
        told.textContent = suggestions.length ? `${count}, flèches haut et bas pour choisir.` : "Aucune suggestion.";
      } catch {
        if (!signal.aborted) close();
      }
    };

    const choose = ({ text, address }) => {
      close();
      if (address) return window.location.assign(address);
      field.value = text;
      field.form.requestSubmit();
    };

    const keys = {
      ArrowDown: () => (list.hidden ? ask() : mark(active + 1 < shown.length ? active + 1 : -1)),
      ArrowUp: () => (list.hidden ? ask() : mark((active < 0 ? shown.length : active) - 1)),
      Escape: () => {
        if (list.hidden) field.value = "";
        close(); // an answer that is on its way opens nothing
      },
      Enter: () => choose(shown[active]),
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Tab") close();
      else if (event.key in keys && (event.key !== "Enter" || active >= 0)) {
        event.preventDefault();
        keys[event.key]();
      } else if (/^(Home|End|ArrowLeft|ArrowRight)$/.test(event.key)) mark(-1); // the caret moves
    });
    field.addEventListener("input", () => {
      mark(-1); // what was chosen belongs to what was typed before
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE);
    });
    field.addEventListener("blur", close);
    field.form.addEventListener("submit", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
    list.addEventListener("click", (event) => {
      const at = [...list.children].indexOf(event.target.closest("[role=option]"));
      if (at >= 0) choose(shown[at]);
    });
  };

  for (const box of document.querySelectorAll("[data-suggest]")) equip(box);
})();
