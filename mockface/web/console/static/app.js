// The frame of the page: header, language, theme, banner, and which of the five views is shown.
import { ROOT, api, askForToken, post } from "./api.js";
import { announce, button, field, fill, h, icon } from "./dom.js";
import { feed } from "./feed.js";
import { choose, language, LANGUAGES, span, t } from "./text.js";
import { callsView } from "./calls.js";
import { outcomesView } from "./outcomes.js";
import { scenariosView } from "./scenarios.js";
import { switchesView } from "./switches.js";
import { tryView } from "./tryit.js";

const VIEWS = { calls: callsView, try: tryView, outcomes: outcomesView, scenarios: scenariosView, switches: switchesView };
const THEMES = ["auto", "light", "dark"];
const THEME_SIGNS = { auto: "auto", light: "sun", dark: "moon" };
const THEME = "mockface.theme";
const LOOK_AGAIN_MS = 2000;

let shown = null;

function route() {
  const [, name = "calls", rest = ""] = location.hash.match(/^#\/(\w+)\/?(.*)$/) || [];
  return { name: name in VIEWS ? name : "calls", rest };
}

function show({ anew = false, focus = false } = {}) {
  const { name, rest } = route();
  document.title = `${t(`view.${name}`)} · mockface`;
  for (const link of document.querySelectorAll("nav a")) {
    link.setAttribute("aria-current", link.dataset.view === name ? "page" : "false");
  }
  if (!anew && shown && shown.name === name && shown.view.update) {
    shown.view.update(rest);
    return;
  }
  if (shown && shown.view.close) shown.view.close();
  const view = VIEWS[name](rest);
  shown = { name, view };
  const main = document.querySelector("main");
  main.className = `view-${name}`;
  fill(main, view.node);
  if (focus) main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function applyTheme(theme) {
  localStorage.setItem(THEME, theme);
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function themeButton() {
  const theme = localStorage.getItem(THEME) || "auto";
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  const words = t("theme.is", { theme: t(`theme.${theme}`) });
  const press = () => {
    applyTheme(next);
    document.querySelector(".theme").replaceWith(themeButton());
    document.querySelector(".theme").focus();
    announce(t("theme.is", { theme: t(`theme.${next}`) }));
  };
  return h("button", { type: "button", class: "quiet theme", title: words, "aria-label": words, on: { click: press } }, icon(THEME_SIGNS[theme]));
}

function languageButton() {
  const other = language === "zh" ? "en" : "zh";
  const press = () => {
    choose(other);
    frame();
    document.querySelector(".language").focus();
  };
  return h("button", { type: "button", class: "quiet language", lang: other, on: { click: press } }, LANGUAGES[other]);
}

function liveSign() {
  const dot = h("span", { class: "live", role: "status" });
  const tell = () => {
    dot.classList.toggle("on", feed.live);
    fill(dot, t(feed.live ? "live" : "not_live"));
  };
  feed.addEventListener("change", tell);
  tell();
  return dot;
}

function frame() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  const links = Object.keys(VIEWS).map((name) =>
    h("li", {}, h("a", { href: `#/${name}`, "data-view": name }, t(`view.${name}`))),
  );
  fill(
    document.body,
    h("a", { class: "skip", href: "#main", on: { click: skip } }, t("skip")),
    h(
      "header",
      {},
      h("a", { class: "brand", href: "#/calls", "aria-label": "mockface" }, h("img", { src: `${ROOT}/_mockface/console/icon.svg`, alt: "", width: 28, height: 28 }), h("span", {}, "mockface")),
      h("nav", { "aria-label": t("views") }, h("ul", {}, links)),
      h("div", { class: "tools" }, liveSign(), languageButton(), themeButton()),
    ),
    h("div", { id: "banner" }),
    h("main", { id: "main", tabindex: "-1" }),
    h("div", { id: "said", role: "status", "aria-live": "polite" }),
  );
  show({ anew: true });
  lookAtSwitches();
}

function skip(event) {
  event.preventDefault();
  document.getElementById("main").focus();
}

/** What is not at its default, in words: people forget what they switched. */
function unusual(switches, health) {
  const told = [];
  if (switches.clock_offset_s) {
    told.push(t(switches.clock_offset_s > 0 ? "banner.ahead" : "banner.behind", { span: span(switches.clock_offset_s) }));
  }
  if (switches.signature !== switches.default_signature) {
    told.push(t("banner.mode", { mode: switches.signature, usual: switches.default_signature }));
  }
  for (const account of switches.accounts) {
    if (account.state !== account.default_state) {
      told.push(t("banner.account", { appid: account.appid, state: t(`state.${account.state}`) }));
    }
  }
  return { told, broken: health.errors.length };
}

export async function lookAtSwitches() {
  const place = document.getElementById("banner");
  try {
    const [switches, health] = await Promise.all([api("/switches"), api("/health")]);
    const { told, broken } = unusual(switches, health);
    const now = JSON.stringify([language, told, broken]);
    if (place.dataset.told === now) return;
    place.dataset.told = now;
    fill(
      place,
      told.length > 0 &&
        h("div", { class: "banner", role: "status" }, icon("warning"), h("p", {}, h("strong", {}, t("banner.title")), " ", told.join(" · ")), button(t("banner.back"), allBack, { kind: "small" })),
      broken > 0 &&
        h("div", { class: "banner bad", role: "status" }, icon("warning"), h("p", {}, t("banner.broken", { count: broken })), h("a", { class: "button small", href: "#/scenarios" }, t("banner.show"))),
    );
  } catch {
    // No server: the sign in the header says so.
  }
}

async function allBack() {
  await post("/reset", { clock: true, switches: true });
  announce(t("banner.done"));
  await lookAtSwitches();
  show({ anew: true });
}

let tokenDialog = null;

/** One dialog, however many requests wait for the token. */
function token() {
  tokenDialog ??= new Promise((done) => {
    const input = h("input", { type: "password", autocomplete: "off", required: true });
    const dialog = h(
      "dialog",
      { "aria-labelledby": "token-title", on: { cancel: (event) => event.preventDefault() } },
      h("form", { on: { submit: (event) => { event.preventDefault(); dialog.remove(); tokenDialog = null; done(input.value); } } },
        h("h2", { id: "token-title" }, t("token.title")),
        h("p", {}, t("token.why")),
        field(t("token.label"), input),
        h("button", { type: "submit", class: "button primary" }, t("token.use"))),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
  return tokenDialog;
}

applyTheme(localStorage.getItem(THEME) || "auto");
askForToken(token);
frame();
feed.start();
window.addEventListener("hashchange", () => show({ focus: true }));
window.addEventListener("focus", lookAtSwitches);
window.addEventListener("switched", lookAtSwitches);
setInterval(() => document.hidden || lookAtSwitches(), LOOK_AGAIN_MS);
