// Requests of API 3.0 whose body is put together in the page: in base64, and signed for what it has become.
import { post } from "./api.js";

const hex = (bytes_) => [...new Uint8Array(bytes_)].map((one) => one.toString(16).padStart(2, "0")).join("");

/** A file in base64. */
export async function base64(file) {
  const bytes_ = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes_.length; at += 0x8000) text += String.fromCharCode(...bytes_.subarray(at, at + 0x8000));
  return btoa(text);
}

/** The same request with another body: its digest and TC3 signature made here, with the test account's key. */
export async function signedAnew({ headers, ...example }, body) {
  // Pages of plain http under another name than localhost have no digests: the signature is then the former one's.
  if (!window.crypto.subtle) return { ...example, body, headers };
  const text = new TextEncoder();
  const digest = async (of) => hex(await crypto.subtle.digest("SHA-256", text.encode(of)));
  const mac = async (key, of) => crypto.subtle.sign("HMAC", await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]), text.encode(of));
  const [, scope, names] = headers.Authorization.match(/Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/);
  const [date, service, end] = scope.split("/");
  const known = { "content-type": headers["Content-Type"], host: location.host };
  const canonical = ["POST", "/", "", ...names.split(";").map((name) => `${name}:${known[name]}`), "", names, await digest(body)].join("\n");
  const toSign = ["TC3-HMAC-SHA256", headers["X-TC-Timestamp"], scope, await digest(canonical)].join("\n");
  const { secret_key: secret } = await post("/sign", {});
  let key = text.encode(`TC3${secret}`);
  for (const part of [date, service, end]) key = await mac(key, part);
  return { ...example, body, headers: { ...headers, Authorization: headers.Authorization.replace(/Signature=.*$/, `Signature=${hex(await mac(key, toSign))}`) } };
}
