/**
 * Workflows that a run called: which steps of it belong to the workflow on the canvas, and which to one that was called.
 *
 * @typedef {{ place: string, name: string, title: string, number: number, seen: boolean, steps: InnerStep[] }} Called `place` is its path; without `seen` there are no steps
 * @typedef {import("./run.js").StepRun & { step: string, title: string, type: string, inside: string }} InnerStep
 * @typedef {{ key: string, depth: number, step: InnerStep, place: string }} Row
 */

/** The called workflow a path lies in: `all[3]/call` of `all[3]/call/each[0]`, "" for none. @param {string} path */
export function workflowAt(path) {
  const parts = path.split("/");
  while (parts.length && (!parts.at(-1) || parts.at(-1)?.endsWith("]"))) parts.pop();
  return parts.join("/");
}

/** What a step of one workflow called. @param {Called[]} called @param {string} place of that workflow @param {string} step @returns {Called | undefined} */
export function calledBy(called, place, step) {
  return called.find((each) => {
    const cut = each.place.lastIndexOf("/");
    return each.place.slice(cut + 1) === step && workflowAt(each.place.slice(0, Math.max(0, cut))) === place;
  });
}

/** Its steps in reading order, behind each that calls another the steps of that, without those not reached. @param {Called[]} called @param {Called} view @param {number} [depth] @returns {Row[]} */
export function rowsOf(called, view, depth = 0) {
  return view.steps.flatMap((step) => {
    if (step.status === "waiting" || step.status === "skipped") return [];
    const own = depth + holding(view, step);
    const inner = calledBy(called, view.place, step.step);
    return [{ key: `${view.place}/${step.step}`, depth: own, step, place: view.place }, ...(inner ? rowsOf(called, inner, own + 1) : [])];
  });
}

/** In how many containers of its workflow a step lies. @param {Called} view @param {InnerStep} step */
function holding(view, step) {
  let depth = 0;
  for (let outer = step.inside; outer && depth < view.steps.length; depth += 1) outer = view.steps.find((each) => each.step === outer)?.inside ?? "";
  return depth;
}

/** What people call a step of a called workflow: as its author said, else as its type says. @param {InnerStep} step @param {Map<string, import("./document.js").NodeType>} types */
export const innerTitle = (step, types) => (step.title === step.step ? (types.get(step.type)?.label ?? step.step) : step.title);

/** A called workflow as people name it. @param {Called} view */
export const calledName = (view) => (view.number ? `${view.title || view.name}, version ${view.number}` : view.title || view.name);

/**
 * The inputs of a step that calls `wanted`: those of that workflow, with what was given already; others stay where they have a value.
 * @param {{ name: string, value?: any }[] | undefined} given @param {string[]} wanted
 */
export function handedTo(given = [], wanted) {
  const kept = given.filter((each) => wanted.includes(each.name) || (each.value ?? null) !== null);
  return [...kept, ...wanted.filter((name) => !kept.some((each) => each.name === name)).map((name) => ({ name, value: null }))];
}
