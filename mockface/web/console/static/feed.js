// The calls that the page knows, the newest first: never more than LIMIT, and told on at most once a frame.
import { api, listen } from "./api.js";

export const LIMIT = 1000;

class Feed extends EventTarget {
  constructor() {
    super();
    this.calls = [];
    this.live = false;
    this.seen = 0;
    this.waiting = [];
    this.planned = false;
  }

  /** Begin to listen; what was called before is asked for, so nothing is missed between the two. */
  start() {
    listen({
      call: (call) => this.take(call),
      open: async () => {
        const known = await api(`/calls?limit=${LIMIT}`);
        const ids = new Set(known.map((call) => call.id));
        this.calls = [...this.waiting.filter((call) => !ids.has(call.id)).reverse(), ...known].slice(0, LIMIT);
        this.waiting = [];
        this.live = true;
        this.tell();
      },
      lost: () => {
        this.live = false;
        this.tell();
      },
    });
  }

  take(call) {
    this.seen += 1;
    this.waiting.push(call);
    if (this.waiting.length > LIMIT) this.waiting.shift();
    if (this.planned) return;
    this.planned = true;
    // A hidden page draws no frames; a timer goes on there, seldom.
    const plan = document.hidden ? (does) => setTimeout(does, 500) : requestAnimationFrame;
    plan(() => this.flush());
  }

  flush() {
    this.planned = false;
    const known = new Set(this.calls.slice(0, this.waiting.length + 50).map((call) => call.id));
    const fresh = this.waiting.filter((call) => !known.has(call.id)).reverse();
    this.waiting = [];
    this.calls = [...fresh, ...this.calls].slice(0, LIMIT);
    this.tell();
  }

  clear() {
    this.calls = [];
    this.waiting = [];
    this.tell();
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }
}

export const feed = new Feed();
