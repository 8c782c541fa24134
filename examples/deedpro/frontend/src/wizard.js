// The wizard: which step comes next, and what is still missing.

export const STEPS = ["type", "parties", "property", "review"];

export function missing(step, state) {
  const needed = { type: ["type"], parties: ["grantor", "grantee"], property: ["county", "legal_description"], review: [] };
  if (!(step in needed)) throw new RangeError(`unknown step: ${step}`);
  return needed[step].filter((field) => !String(state[field] ?? "").trim());
}

export function next(step, state) {
  if (missing(step, state).length > 0) return step;
  return STEPS[Math.min(STEPS.indexOf(step) + 1, STEPS.length - 1)];
}

export function progress(state) {
  const done = STEPS.filter((step) => missing(step, state).length === 0).length;
  return Math.round((done / STEPS.length) * 100);
}
