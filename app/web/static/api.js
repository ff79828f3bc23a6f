/* Asking the server for something, and telling a refusal from a silence.

   post("/counters/7/call-next", {}, {key: newKey()})  → the parsed body, null for 204
   get("/site")                                        → the parsed body

   Both throw a Problem. When `problem.unanswered` is true nobody knows whether it
   was done: send it again with the same key, and it is done once. Any other problem
   is a refusal; make a new key before the next attempt. */

const API = "/api/v1";
const DEADLINE_MS = 8000;

export class Problem extends Error {
  constructor(code, detail, { status = 0, body = {}, retryAfter = null } = {}) {
    super(detail || code);
    this.name = "Problem";
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.body = body;
    this.retryAfterSeconds = retryAfter;
    this.unanswered = status === 0;
  }
}

/* `crypto.randomUUID` is missing on plain http outside localhost, as in the hall. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function get(path, { deadline } = {}) {
  return request(path, { method: "GET" }, deadline);
}

export function post(path, body = {}, { key = null, deadline } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (key !== null) headers["Idempotency-Key"] = key;
  return request(path, { method: "POST", headers, body: JSON.stringify(body) }, deadline);
}

export function remove(path, { deadline } = {}) {
  return request(path, { method: "DELETE" }, deadline);
}

async function request(path, { headers = {}, ...options }, deadline = DEADLINE_MS) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), deadline);
  try {
    return await readAnswer(await fetch(API + path, {
      ...options,
      headers: { ...headers, Accept: "application/json", "Accept-Language": document.documentElement.lang },
      cache: "no-store",
      credentials: "same-origin",
      signal: controller.signal,
    }));
  } catch (error) {
    throw error instanceof Problem ? error : new Problem("no-connection", error.message);
  } finally {
    clearTimeout(timer);
  }
}

async function readAnswer(response) {
  if (response.status === 204) return null;
  if (response.ok) return response.json();
  const body = await response.json().catch(() => ({}));
  const wait = body.retry_after_seconds ?? response.headers.get("Retry-After");
  throw new Problem(body.code ?? "refused", body.detail ?? "", {
    status: response.status,
    body,
    retryAfter: wait === null || wait === undefined ? null : Number(wait),
  });
}
