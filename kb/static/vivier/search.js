// Quicker search: htmx swaps the answers in place. What it cannot do, the browser does as if there were no script.
(() => {
  const failed = (shown) => {
    const notice = document.getElementById("panne");
    if (notice) notice.hidden = !shown;
  };
  document.addEventListener("htmx:beforeRequest", () => failed(false));
  document.addEventListener("htmx:sendError", () => failed(true));
  document.addEventListener("htmx:timeout", () => failed(true));
  // A refusal or an error is a page of its own that says what to do: it is shown as such.
  document.addEventListener("htmx:responseError", (event) => {
    window.location.assign(event.detail.pathInfo.finalRequestPath);
  });

  // What was open stays open, and the focus stays where it was; when that place is gone, it goes to the answers.
  let open = [];
  let focused = "";
  document.addEventListener("htmx:beforeSwap", () => {
    open = [...document.querySelectorAll("#moteur details[open][id]")].map((part) => part.id);
    const active = document.activeElement;
    focused = active && active.closest("#moteur") ? active.id || "reponses" : "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    // Said aloud from a place that stays: what comes with the answers is new to a screen reader, not changed.
    document.getElementById("annonce").textContent = document.getElementById("reponses")?.textContent ?? "";
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (!focused) return;
    const place = document.getElementById(focused);
    const closed = place?.closest("details:not([open])");
    if (closed && closed.id !== "filtres") closed.setAttribute("open", "");
    (place ?? document.getElementById("reponses"))?.focus({ preventScroll: Boolean(place) });
  });
})();
