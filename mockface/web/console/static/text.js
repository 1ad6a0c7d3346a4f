// The words of the page, in the reader's language: the browser's, unless another was chosen.
import frame from "./words-frame.js";
import verdict from "./words-verdict.js";
import views from "./words-views.js";

const CHOSEN = "mockface.language";
const WORDS = { ...frame, ...verdict, ...views };
const COLUMN = { en: 0, zh: 1 };

export const LANGUAGES = { en: "English", zh: "中文" };

function wanted() {
  const chosen = localStorage.getItem(CHOSEN);
  if (chosen in COLUMN) return chosen;
  const first = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in COLUMN);
  return first || "en";
}

export let language = wanted();

export function choose(chosen) {
  localStorage.setItem(CHOSEN, chosen);
  language = chosen;
}

/** The words for a key, with {names} filled in; the key itself where a table lacks it. */
export function t(key, given = {}) {
  const words = maybe(key, key);
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in given ? given[name] : whole));
}

/** The words for a key if there are any, else what is given. */
export function maybe(key, otherwise) {
  return (WORDS[key] || [])[COLUMN[language]] ?? otherwise;
}

/** What the server says of a thing under a key, in the reader's language: its Chinese is beside it, under `key_zh`. */
export function told(thing, key) {
  return (language === "zh" && thing[`${key}_zh`]) || thing[key];
}

/** A meaning of a code in the reader's language, and in the other one. */
export function meanings(row) {
  return language === "zh" ? [row.meaning_zh, row.meaning_en] : [row.meaning_en, row.meaning_zh];
}

const UNITS = [
  ["d", 86400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];

/** A span of seconds in its two largest units: "29 d 23 h". */
export function span(seconds) {
  let rest = Math.abs(Math.round(seconds));
  const parts = [];
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount && parts.length < 2) parts.push(`${amount} ${t(`unit.${unit}`)}`);
  }
  return parts.join(" ") || `0 ${t("unit.s")}`;
}

export function clockTime(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", { hour12: false });
}

export function dateTime(seconds) {
  return new Date(seconds * 1000).toLocaleString(language === "zh" ? "zh-CN" : "en-GB");
}

/** Bytes as people say them. */
export function bytes(amount) {
  if (amount < 1024) return `${amount} B`;
  return amount < 1024 * 1024 ? `${(amount / 1024).toFixed(1)} KiB` : `${(amount / 1024 / 1024).toFixed(2)} MiB`;
}
