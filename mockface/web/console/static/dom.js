// Elements without markup: every text goes into a text node, so nothing that a client sent can become an element.
import { t, told } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  copy: "M8 8V5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-3M5 8h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2z",
  check: "M4 12.500l5.500 5.500L20 7",
  cross: "M6 6l12 12M18 6L6 18",
  dash: "M6 12h12",
  warning: "M12 4l9.500 16h-19zM12 10v4.500M12 17.200v.3",
  pause: "M8 5v14M16 5v14",
  play: "M7 5l12 7-12 7z",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M5 5l1.700 1.700M17.300 17.300L19 19M19 5l-1.700 1.700M6.700 17.300L5 19",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
  auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 6.500a5.500 5.500 0 0 1 0 11",
  back: "M11 5l-7 7 7 7M4 12h16",
  send: "M4 12l16-8-5 16-3.500-6.500z",
  edit: "M4 20l1-4L16.500 4.500a2.100 2.100 0 0 1 3 3L8 19z",
  plus: "M12 5v14M5 12h14",
};

/** An element: h("a", { href, class, on: { click } }, "text", child, …). null children are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, does] of Object.entries(value)) element.addEventListener(event, does);
    else if (name === "value" || name === "checked" || name === "indeterminate") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  fill(element, ...children);
  return element;
}

/** Put these children, and no others, into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button with an optional icon in front of its words. */
export function button(words, does, { kind = "", sign = null, ...props } = {}) {
  return h("button", { type: "button", class: `button ${kind}`, on: { click: does }, ...props }, sign && icon(sign), words);
}

/** A button that copies what `text()` gives, and says so, also to a screen reader. */
export function copyButton(text, label = t("copy"), { compact = false } = {}) {
  const words = h("span", { class: compact ? "hidden" : "" }, label);
  const made = h("button", { type: "button", class: `button copy${compact ? " compact" : ""}`, title: label }, icon("copy"), words);
  made.addEventListener("click", async () => {
    await toClipboard(await text());
    made.classList.add("done");
    made.firstChild.replaceWith(icon("check"));
    announce(t("copied"));
    setTimeout(() => {
      made.classList.remove("done");
      made.firstChild.replaceWith(icon("copy"));
    }, 1500);
  });
  return made;
}

async function toClipboard(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Plain http under another name than localhost has no clipboard of its own.
  const area = h("textarea", { class: "hidden", readonly: true });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Say something to a screen reader, and for a moment on the page. */
export function announce(words) {
  const place = document.getElementById("said");
  fill(place, words);
  place.classList.add("shown");
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => place.classList.remove("shown"), 2000);
}

/** A code block with its copy button. */
export function code(text, { label, lang = null } = {}) {
  return h(
    "div",
    { class: "code" },
    h("pre", { tabindex: "0", role: "region", "aria-label": label, lang }, h("code", {}, text)),
    copyButton(() => text, t("copy"), { compact: true }),
  );
}

/** What the server says of a thing under a key, in the reader's language, the English at hand. */
export function sentence(tag, thing, key, props = {}) {
  const text = told(thing, key);
  return h(tag, { ...props, title: text === thing[key] ? null : thing[key] }, text || "–");
}

/** The sentences that the server has under a key. */
export function sentences(tag, thing, key, props = {}) {
  return told(thing, key).map((text, at) => h(tag, { ...props, title: text === thing[key][at] ? null : thing[key][at] }, text));
}

let labels = 0;

/** A label and its control, tied together. */
export function field(label, control, hint = null) {
  labels += 1;
  const id = `field-${labels}`;
  (control.matches("input, select, textarea") ? control : control.querySelector("input, select, textarea")).id = id;
  return h("div", { class: "field" }, h("label", { for: id }, label), control, hint && h("p", { class: "hint" }, hint));
}

export function option(value, words, selected = false) {
  return h("option", { value, selected }, words);
}

/** Tabs over panels that are made when first shown: [[id, label, () => node], …]. */
export function tabs(name, choices, first = choices[0][0]) {
  const panel = h("div", { role: "tabpanel", class: "panel" });
  const buttons = choices.map(([id, label]) =>
    h("button", { type: "button", role: "tab", id: `${name}-${id}`, "data-tab": id, on: { click: () => show(id) } }, label),
  );
  function show(id) {
    for (const one of buttons) {
      const on = one.dataset.tab === id;
      one.setAttribute("aria-selected", on);
      one.tabIndex = on ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", `${name}-${id}`);
    fill(panel, choices.find(([other]) => other === id)[2]());
  }
  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    buttons[next].focus();
    show(buttons[next].dataset.tab);
  }
  show(first);
  return h("div", { class: "tabs" }, h("div", { role: "tablist", "aria-label": name, on: { keydown: move } }, buttons), panel);
}

/** Call it once things have been quiet for so long. */
export function debounced(does, milliseconds = 200) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => does(...given), milliseconds);
  };
}
