/**
 * Containers: steps that hold other steps. What lies in which, and where on the drawing.
 *
 * @typedef {import("./document.js").Document} Document
 */

/** Every step inside a container, however deep, each after the one it lies in. @param {Document} document @param {string} container */
export function lyingIn(document, container) {
  const found = [container];
  for (const outer of found) {
    for (const [id, step] of Object.entries(document.meaning.steps)) if (step.inside === outer && !found.includes(id)) found.push(id);
  }
  return found.slice(1);
}
