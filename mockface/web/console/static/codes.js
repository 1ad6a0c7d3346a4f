// The codes of every operation: the row of a call's code, since two operations may share a number.
import { once } from "./api.js";

/** What finds the row of a call, of a number or of a count: anything with an operation and a code. */
function keyOf({ operation, code }) {
  return `${operation} ${code}`;
}

/** The codes by operation and code, in the order of the API. */
export class Codes {
  constructor(rows) {
    this.rows = rows;
    this.operations = [...new Set(rows.map((row) => row.operation))];
    this.found = new Map(rows.map((row) => [keyOf(row), row]));
  }

  /** The row of a call's code. */
  of(call) {
    return this.found.get(keyOf(call));
  }

  /** The row of the second code that a call's answer has. */
  also({ operation, also }) {
    return this.found.get(keyOf({ operation, code: also }));
  }
}

/** The table of the server. */
export async function codesOfServer() {
  return new Codes(await once("/codes"));
}
