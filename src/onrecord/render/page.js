// Words and fields light each other up under the pointer; the page reads without it.
(() => {
  const rowsOf = (node) => (node.dataset.rows || "").split(" ").filter(Boolean);
  const light = (event, on) => {
    const node = event.target.closest && event.target.closest("[data-rows]");
    if (!node) return;
    const page = node.closest(".onrecord");
    const rows = new Set(rowsOf(node));
    for (const other of page.querySelectorAll("[data-rows]")) {
      const shared = rowsOf(other).some((row) => rows.has(row));
      if (shared && other !== node) other.classList.toggle("lit", on);
    }
  };
  for (const [type, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(type, (event) => light(event, on));
  }
})();
