/* The services as the server last told them: names, whether open, where to wait. */

export const PATIENCE = 2500;
const { dataset } = document.querySelector("[data-desk]");
let known = index(JSON.parse(dataset.services));

function index(services) {
  return new Map(services.map((service) => [service.id, service]));
}

export function serviceOf(id) {
  return known.get(id) ?? null;
}

/* Asks again; whatever was known stays when nobody answers, and the error is passed on. */
export async function readServices() {
  const answer = await fetch("/reception/services", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  // whoever is not signed in any more is led to the form
  if (!answer.ok || answer.redirected) throw Object.assign(new Error("refused"), { status: answer.redirected ? 401 : answer.status });
  known = index(await answer.json());
}
