// The whole server's switches: clock, signature mode, states of accounts; and what can be forgotten.
import { api, post, put } from "./api.js";
import { announce, button, field, fill, h, option } from "./dom.js";
import { feed } from "./feed.js";
import { span, t } from "./text.js";

const STEPS = ["31s", "5m", "1h", "1d", "30d"];
const MODES = ["shape", "verify", "off"];
const STATES = ["active", "arrears", "not_authorised", "auth_down", "auth_down_2"];
const PARTS = ["counters", "journal", "scenarios"];

/** Tell the banner that something was switched. */
function switched() {
  window.dispatchEvent(new Event("switched"));
}

function localInput(seconds) {
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function clockCard() {
  const shown = h("p", { class: "big mono" });
  const offset = h("p", { class: "hint", role: "status" });
  const to = h("input", { type: "datetime-local", step: 1 });
  let ahead = 0;
  const tell = () => fill(shown, new Date(Date.now() + ahead * 1000).toLocaleString("sv-SE"));
  const take = (clock, { quiet = false } = {}) => {
    ahead = clock.now - Date.now() / 1000;
    fill(offset, Math.abs(clock.offset_s) < 0.5 ? t("clock.machine") : t(clock.offset_s > 0 ? "banner.ahead" : "banner.behind", { span: span(clock.offset_s) }));
    to.value = localInput(clock.now);
    tell();
    if (!quiet) switched();
  };
  const advance = async (by) => take(await post("/clock/advance", { by }));
  const back = async () => {
    await post("/reset", { clock: true });
    take(await api("/clock"));
  };
  const set = async () => { if (to.value) take(await put("/clock", { now: new Date(to.value).getTime() / 1000 })); };
  api("/clock").then((clock) => take(clock, { quiet: true }));
  const timer = setInterval(tell, 1000);
  const node = h(
    "section",
    { class: "card" },
    h("h2", {}, t("clock.title")),
    h("p", { class: "hint" }, t("clock.why")),
    shown,
    offset,
    h("div", { class: "buttons", role: "group", "aria-label": t("clock.advance") }, STEPS.map((by) => button(`+${by}`, () => advance(by), { kind: "small" }))),
    h("div", { class: "inline" }, field(t("clock.to"), to), button(t("clock.set"), set)),
    button(t("clock.back"), back, { kind: "small" }),
  );
  return { node, close: () => clearInterval(timer) };
}

function modeCard(standing) {
  const choose = async (mode) => {
    await put("/switches/signature", { signature: mode });
    announce(t("mode.now", { mode }));
    switched();
  };
  return h(
    "section",
    { class: "card" },
    h("fieldset", {}, h("legend", {}, t("mode.title")),
      MODES.map((mode) =>
        h("label", { class: "choice" }, h("input", { type: "radio", name: "mode", value: mode, checked: standing.signature === mode, on: { change: () => choose(mode) } }),
          h("span", {}, h("strong", { class: "mono" }, mode), mode === standing.default_signature && h("span", { class: "tag" }, t("mode.default")), h("span", { class: "hint" }, t(`mode.${mode}`)))))),
  );
}

function accountsCard(standing) {
  const choose = (account) => async (event) => {
    await put(`/switches/accounts/${encodeURIComponent(account.appid)}`, { state: event.target.value });
    announce(t("account.now", { appid: account.appid, state: t(`state.${event.target.value}`) }));
    switched();
  };
  const rows = standing.accounts.map((account) =>
    h(
      "tr",
      {},
      h("th", { scope: "row", class: "mono" }, account.appid, account.built_in && h("span", { class: "tag" }, t("try.test_account"))),
      h("td", { class: "mono" }, `${account.secret_id.slice(0, 12)}…`),
      h("td", { class: "mono" }, account.buckets.join(", ") || "–"),
      h("td", {}, h("select", { "aria-label": t("account.state_of", { appid: account.appid }), on: { change: choose(account) } }, STATES.map((state) => option(state, t(`state.${state}`) + (state === account.default_state ? ` (${t("mode.default")})` : ""), state === account.state)))),
    ),
  );
  const heads = ["appid", "SecretId", "bucket", t("account.state")].map((words) => h("th", { scope: "col" }, words));
  return h("section", { class: "card wide" }, h("h2", {}, t("account.title")), h("p", { class: "hint" }, t("account.why")), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("account.title") }, h("table", { class: "accounts" }, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows))));
}

function resetCard(redraw) {
  const forget = (what) => async () => {
    const all = Object.keys(what).length === 0;
    await post("/reset", what);
    if (all || what.journal) feed.clear();
    announce(t("reset.done"));
    switched();
    redraw();
  };
  return h(
    "section",
    { class: "card wide" },
    h("h2", {}, t("reset.title")),
    h("p", { class: "hint" }, t("reset.why")),
    h("div", { class: "buttons" }, PARTS.map((part) => button(t(`reset.${part}`), forget({ [part]: true }))), button(t("reset.all"), forget({}), { kind: "danger", sign: "trash" })),
  );
}

/** The view. */
export function switchesView() {
  const place = h("div", { class: "columns even" });
  const node = h("div", {}, h("h1", {}, t("view.switches")), h("p", { class: "lead" }, t("switches.lead")), place);
  let clock = null;
  async function draw() {
    const standing = await api("/switches");
    if (clock) clock.close();
    clock = clockCard();
    fill(place, clock.node, modeCard(standing), accountsCard(standing), resetCard(draw));
  }
  draw();
  return { node, close: () => clock && clock.close() };
}
