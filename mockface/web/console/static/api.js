// Ask the API under /_mockface/: the only thing that this page talks to, besides the emulated operation itself.
import { told } from "./text.js";

/** Where this mockface is: its origin, and the prefix under which another app has mounted it. */
export const ROOT = new URL("../..", import.meta.url).href.replace(/\/$/, "");
const BASE = `${ROOT}/_mockface`;
const TOKEN = "mockface.token";
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** The API said no; the message is its reason, in the reader's language where it has it. */
export class Refused extends Error {
  constructor(reason, status) {
    super(reason);
    this.status = status;
  }
}

let wanted = null;

/** `ask` is called once a token is needed: it gives a promise of one. */
export function askForToken(ask) {
  wanted = ask;
}

function headers() {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { "X-Mockface-Token": token } : {};
}

async function withToken(send) {
  for (;;) {
    const answer = await send(headers());
    if (answer.status !== 401 || !wanted) return answer;
    sessionStorage.setItem(TOKEN, await wanted());
  }
}

/** What a path of the API says. Throws Refused, or TypeError where no server answers. */
export async function api(path, { method = "GET", body = undefined } = {}) {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const kind = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await withToken((token) => fetch(BASE + path, { method, headers: { ...token, ...kind }, ...content }));
  if (answer.status === 204) return null;
  const said = await answer.json();
  if (!answer.ok) throw new Refused(told(said, "error") || `HTTP ${answer.status}`, answer.status);
  return said;
}

export const post = (path, body) => api(path, { method: "POST", body });
export const put = (path, body) => api(path, { method: "PUT", body });

const remembered = new Map();

/** The same, asked once: for what does not change while a server runs. */
export function once(path) {
  if (!remembered.has(path)) {
    const asked = api(path);
    remembered.set(path, asked);
    asked.catch(() => remembered.delete(path));
  }
  return remembered.get(path);
}

/** Read the stream of events without end. An EventSource could not send the token, so it is read by hand. */
export async function listen({ call, open, lost }) {
  let wait = FIRST_WAIT_MS;
  for (;;) {
    try {
      const answer = await withToken((token) => fetch(`${BASE}/events`, { headers: token, cache: "no-store" }));
      if (!answer.ok) throw new Refused(`HTTP ${answer.status}`, answer.status);
      await open();
      wait = FIRST_WAIT_MS;
      await eachEvent(answer.body, call);
    } catch {
      // Fallen silent or never there: said below, and tried again.
    }
    lost();
    await new Promise((done) => setTimeout(done, wait));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

async function eachEvent(body, call) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line.startsWith("data: ")) call(JSON.parse(line.slice(6)));
  }
}
