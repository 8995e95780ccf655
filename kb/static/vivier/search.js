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
})();
