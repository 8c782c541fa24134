(() => {
  "use strict";
  const find = (id) => document.getElementById("_" + id);
  const items = [...document.querySelectorAll(".items>details")];
  const states = items.map((item) => (item.classList[0] === "p" ? "passed" : item.classList[0]));
  const groups = [...document.querySelectorAll(".items")];
  const root = document.documentElement;
  const text = find("text");
  const boxes = [...find("filter").querySelectorAll("[type=checkbox]")];
  const keys = find("keys");
  let at = -1;
  let haystack = null;

  const remembered = (name, value) => {
    // A file opened from disk may have no storage.
    try {
      if (value === undefined) return localStorage.getItem("readiness-" + name);
      localStorage.setItem("readiness-" + name, value);
    } catch { /* not remembered, then */ }
    return null;
  };
  let silence;
  const say = (words) => {
    find("said").textContent = words;
    clearTimeout(silence);
    silence = setTimeout(() => { find("said").textContent = ""; }, 4000);
  };

  // Theme: as the system, light, dark.
  const themes = ["system", "light", "dark"];
  const theme = (name) => {
    if (name === "system") delete root.dataset.theme;
    else root.dataset.theme = name;
    find("theme").textContent = "Theme: " + name;
  };
  theme(themes.includes(remembered("theme")) ? remembered("theme") : "system");

  // Filter. The text of all items is read once, at the first letter.
  let planned = 0;
  const filter = () => {
    planned = 0;
    haystack ??= items.map((item) => item.textContent.toLowerCase() + " " + item.id.toLowerCase());
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    items.forEach((item, index) => {
      const hide = (wanted.size > 0 && !wanted.has(states[index])) || !words.every((word) => haystack[index].includes(word));
      if (item.hidden !== hide) item.hidden = hide;
      if (!hide) shown += 1;
    });
    for (const group of groups) {
      const hide = !group.querySelector("details:not([hidden])");
      if (group.hidden !== hide) group.hidden = hide;
    }
    find("none").hidden = shown > 0;
    count(shown);
  };
  const count = (shown) => {
    find("shown").textContent = `${shown.toLocaleString("en")} of ${items.length.toLocaleString("en")} items`;
  };
  const plan = () => { planned ||= requestAnimationFrame(filter); };
  const clear = () => {
    text.value = "";
    for (const box of boxes) box.checked = false;
    filter();
  };

  // Going from item to item.
  const go = (index) => {
    if (index < 0) return;
    items[at]?.classList.remove("at");
    at = index;
    const item = items[at];
    item.classList.add("at");
    item.firstElementChild.focus({ preventScroll: true });
    item.scrollIntoView({ block: "center", behavior: "instant" });
  };
  const step = (by, wanted) => {
    for (let index = at < 0 && by < 0 ? -1 : at + by; index >= 0 && index < items.length; index += by) {
      if (!items[index].hidden && (!wanted || items[index].classList.contains(wanted))) return index;
    }
    say(wanted ? "No further blocker" : "No further item");
    return -1;
  };
  const copy = async (item) => {
    const address = location.href.split("#")[0] + "#" + item.id;
    try {
      await navigator.clipboard.writeText(address);
      say("Link copied: #" + item.id);
    } catch {
      location.hash = item.id;
      say("The link is in the address bar");
    }
  };
  const arrive = () => {
    const index = items.findIndex((item) => "#" + item.id === location.hash);
    if (index < 0) return;
    if (items[index].hidden) clear();
    items[index].open = true;
    go(index);
  };
  const openAll = (open) => {
    for (const item of items) if (!item.hidden || !open) item.open = open;
    find("open").textContent = open ? "Close all" : "Open all";
  };

  const help = () => {
    keys.showModal();
    find("close").focus();
  };
  const commands = {
    j: () => go(step(1)),
    k: () => go(step(-1)),
    b: () => go(step(1, "blocks")),
    B: () => go(step(-1, "blocks")),
    o: () => { if (at >= 0) items[at].open = !items[at].open; },
    y: () => { if (at >= 0) copy(items[at]); },
    "/": () => text.focus(),
    "?": () => help(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === text) { clear(); text.blur(); return; }
    if (event.ctrlKey || event.altKey || event.metaKey || keys.open || event.isComposing) return;
    if (event.target.matches("input:not([type=checkbox]),textarea,select") || !find("single").checked) return;
    const command = commands[event.key];
    if (!command) return;
    event.preventDefault();
    command();
  });
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button,a.id,summary");
    if (!target) return;
    if (target.matches("summary")) {
      items[at]?.classList.remove("at");
      at = items.indexOf(target.parentElement);
    } else if (target.matches("a.id")) {
      copy(target.closest("details"));
    } else if (target.id === "_theme") {
      const next = themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length];
      theme(next);
      remembered("theme", next);
    } else if (target.id === "_help") {
      help();
    } else if (target.id === "_close") {
      keys.close();
    } else if (target.id === "_open") {
      openAll(target.textContent === "Open all");
    }
  });
  find("filter").addEventListener("input", plan);
  find("filter").addEventListener("submit", (event) => event.preventDefault());
  find("single").checked = remembered("keys") !== "off";
  find("single").addEventListener("change", (event) => remembered("keys", event.target.checked ? "on" : "off"));

  // On paper everything is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = items.filter((item) => !item.open);
    for (const item of closed) item.open = true;
  });
  addEventListener("afterprint", () => { for (const item of closed) item.open = false; });
  addEventListener("hashchange", arrive);

  find("tools").hidden = false;
  find("filter").hidden = false;
  count(items.length);
  arrive();
})();
