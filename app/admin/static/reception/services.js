/* The services as the server last sent them: names, whether open, where to wait; and how
   many of them one number has at most. */

export const TIMEOUT_MS = 2500;
const { dataset } = document.querySelector("[data-desk]");
export const MAX_SERVICES = Number(dataset.maxServices);
let services = byId(JSON.parse(dataset.services));

function byId(list) {
  return new Map(list.map((service) => [service.id, service]));
}

export function serviceOf(id) {
  return services.get(id) ?? null;
}

/* Asks again; whatever was known stays when nobody answers, and the error is passed on. */
export async function readServices() {
  const answer = await fetch("/reception/services", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  // whoever is not signed in any more is led to the form
  if (!answer.ok || answer.redirected) throw Object.assign(new Error("refused"), { status: answer.redirected ? 401 : answer.status });
  services = byId(await answer.json());
}
