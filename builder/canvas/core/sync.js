/**
 * Sync: the server's document, and on top of it what this person did and the server has not confirmed.
 * Everything here is a pure function from one state to the next.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {{ batch: string, edits: Edit[], saw: number, sent: boolean }} Batch
 * @typedef {{ revision: number, batch: string, client: string, who: string, edits: Edit[] }} Change
 * @typedef {{ what?: string, step: string | null, field: string | null, yours: any, theirs: any, who?: string, edit?: Edit }} Conflict
 * @typedef {{ batch: string, sentence: string, who?: string, conflicts: Conflict[] }} Refusal
 * @typedef {{ base: Document, revision: number, pending: Batch[], document: Document, conflicts: Conflict[],
 *   counter: number, gap: boolean, lost: string }} Sync
 *
 * `document` is what the person sees: `base` with `pending` on top. `gap` says that a revision was missed and the
 * document has to be asked for again; `lost` is a sentence about an own edit that no longer fits anywhere.
 */
import { EditError, applyAll, targets } from "./edits.js";

/** @param {Document} document @param {number} revision @returns {Sync} */
export function started(document, revision) {
  return { base: document, revision, pending: [], document, conflicts: [], counter: 0, gap: false, lost: "" };
}

/** The server sent the whole document (again); what is still unsent is put on top of it. @param {Sync} sync @param {Document} document @param {number} revision */
export function reopened(sync, document, revision) {
  return replayed({ ...sync, base: document, revision, gap: false });
}

/**
 * The person did something. It shows at once and waits in the batch that is sent next.
 * @param {Sync} sync @param {Edit[]} edits @param {string} client
 * @returns {{ sync: Sync, inverse: Edit[] }}
 */
export function did(sync, edits, client) {
  const { document, inverse } = applyAll(sync.document, edits);
  const last = sync.pending.at(-1);
  if (last && !last.sent) {
    const joined = { ...last, edits: compacted([...last.edits, ...edits]) };
    return { sync: { ...sync, document, pending: [...sync.pending.slice(0, -1), joined] }, inverse };
  }
  const counter = sync.counter + 1;
  const batch = { batch: `${client}-${counter}`, edits, saw: sync.revision, sent: false };
  return { sync: { ...sync, document, counter, pending: [...sync.pending, batch] }, inverse };
}

/**
 * The batch to send now: one at a time, so that each is judged against what its author saw.
 * @param {Sync} sync @returns {{ sync: Sync, batch: Batch | null }}
 */
export function next(sync) {
  const first = sync.pending[0];
  if (!first || first.sent || sync.gap) return { sync, batch: null };
  const batch = { ...first, sent: true, saw: sync.revision };
  return { sync: { ...sync, pending: [batch, ...sync.pending.slice(1)] }, batch };
}

/** The batch that was sent and never confirmed, to be sent again under the same name. @param {Sync} sync */
export const unconfirmed = (sync) => (sync.pending[0]?.sent ? sync.pending[0] : null);

/** What the server says: accepted changes of everybody, and refusals. Saying it twice changes nothing. @param {Sync} sync @param {{ changes: Change[], refused: Refusal[] }} said */
export function received(sync, said) {
  for (const change of [...said.changes].sort((a, b) => a.revision - b.revision)) sync = accepted(sync, change);
  for (const refusal of said.refused) sync = refused(sync, refusal);
  return sync;
}

/** @param {Sync} sync @param {Change} change @returns {Sync} */
function accepted(sync, change) {
  if (change.revision <= sync.revision) return withoutBatch(sync, change.batch);
  if (change.revision > sync.revision + 1) return { ...sync, gap: true };
  let base;
  try {
    base = applyAll(sync.base, change.edits).document;
  } catch (error) {
    if (error instanceof EditError) return { ...sync, gap: true };
    throw error;
  }
  const own = sync.pending.some((batch) => batch.batch === change.batch);
  const moved = { ...sync, base, revision: change.revision };
  if (!own) return replayed(setAside(moved, change));
  const pending = sync.pending.filter((batch) => batch.batch !== change.batch);
  return replayed({ ...moved, pending });
}

/** An own batch whose confirmation came by another way is no longer pending. @param {Sync} sync @param {string} batch */
function withoutBatch(sync, batch) {
  if (!sync.pending.some((each) => each.batch === batch)) return sync;
  return replayed({ ...sync, pending: sync.pending.filter((each) => each.batch !== batch) });
}

/** Unsent edits that touch what somebody else just changed become conflicts: the person decides. @param {Sync} sync @param {Change} change @returns {Sync} */
function setAside(sync, change) {
  const theirs = new Map(change.edits.flatMap((edit) => targets(edit).map((target) => [target, edit])));
  const conflicts = [...sync.conflicts];
  const pending = sync.pending.map((batch) => {
    if (batch.sent) return batch;
    const kept = batch.edits.filter((edit) => {
      const other = ["move", "resize", "lay"].includes(edit.edit) ? undefined : targets(edit).map((target) => theirs.get(target)).find(Boolean);
      const clash = other && conflictOf(edit, other);
      if (clash) conflicts.push({ ...clash, who: change.who });
      return !clash;
    });
    return { ...batch, edits: kept };
  });
  return { ...sync, conflicts, pending: pending.filter((batch) => batch.edits.length) };
}

/** @param {Edit} mine @param {Edit} other @returns {Conflict | null} */
function conflictOf(mine, other) {
  if (mine.edit === "configure" && other.edit === "configure") {
    return { what: "setting", step: mine.id, field: mine.field, yours: mine.value, theirs: other.value, edit: mine };
  }
  if (mine.edit === "handle" && other.edit === "handle") {
    return { what: "failure", step: mine.id, field: null, yours: mine.on_failure, theirs: other.on_failure, edit: mine };
  }
  if (mine.edit === "rename" && other.edit === "rename" && mine.title !== other.title) {
    return { what: "title", step: mine.id ?? null, field: null, yours: mine.title, theirs: other.title, edit: mine };
  }
  if (mine.edit === "describe" && other.edit === "describe" && mine.text !== other.text) {
    return { what: "note", step: mine.id ?? null, field: null, yours: mine.text, theirs: other.text, edit: mine };
  }
  if (mine.edit === "note" && other.edit === "note" && mine.text !== other.text) {
    return { what: "text", step: null, field: mine.id, yours: mine.text ?? null, theirs: other.text ?? null, edit: mine };
  }
  return null;
}

/** A refused batch: what clashed is kept for the person to decide, the rest is sent again. @param {Sync} sync @param {Refusal} refusal @returns {Sync} */
function refused(sync, refusal) {
  const batch = sync.pending.find((each) => each.batch === refusal.batch);
  if (!batch) return sync;
  const clashes = refusal.conflicts.map((conflict) => ({ ...conflict, who: refusal.who, edit: batch.edits.find((edit) => isAbout(edit, conflict)) }));
  const inConflict = new Set(clashes.map((clash) => clash.edit));
  const rest = clashes.length ? batch.edits.filter((edit) => !inConflict.has(edit)) : [];
  const again = rest.length && rest.length < batch.edits.length ? [{ ...batch, batch: `${batch.batch}r`, edits: rest, sent: false }] : [];
  const pending = sync.pending.flatMap((each) => (each === batch ? again : [each]));
  const lost = clashes.length ? sync.lost : refusal.sentence;
  return replayed({ ...sync, pending, lost, conflicts: [...sync.conflicts, ...clashes] });
}

/** @param {Edit} edit @param {Conflict} conflict */
function isAbout(edit, conflict) {
  const what = conflict.what ?? "setting";
  const place = [conflict.step ?? "", conflict.field ?? ""].filter(Boolean).join(":");
  return targets(edit).includes(`${what}:${place}`) || (what === "step" && "id" in edit && edit.id === conflict.step);
}

/** The pending edits on top of the base; one that no longer fits is let go, with its reason. @param {Sync} sync @returns {Sync} */
function replayed(sync) {
  let document = sync.base;
  let { lost } = sync;
  const pending = sync.pending.flatMap((batch) => {
    const fitting = batch.edits.filter((edit) => {
      try {
        document = applyAll(document, [edit]).document;
        return true;
      } catch (error) {
        if (!(error instanceof EditError)) throw error;
        if (!batch.sent) lost = error.message;
        return batch.sent; // the server has it already and will judge it
      }
    });
    return fitting.length ? [fitting.length === batch.edits.length ? batch : { ...batch, edits: fitting }] : [];
  });
  return { ...sync, document, pending, lost };
}

/** Typing makes one edit per key: only the last value of a field, and the last place of a step, need to travel. @param {Edit[]} edits @returns {Edit[]} */
export function compacted(edits) {
  const last = edits.at(-1);
  const before = edits.at(-2);
  if (!last || !before || last.edit !== before.edit) return edits;
  if (last.edit === "move" && before.edit === "move") {
    return [...edits.slice(0, -2), { edit: "move", places: { ...before.places, ...last.places } }];
  }
  if (last.edit === "lay" && before.edit === "lay") return [...edits.slice(0, -2), { edit: "lay", boxes: { ...before.boxes, ...last.boxes } }];
  if (last.edit === "note" && before.edit === "note" && last.id === before.id && before.text != null && last.text != null) {
    return [...edits.slice(0, -2), { ...last, box: last.box ?? before.box ?? null }];
  }
  if (last.edit === "resize" && before.edit === "resize") return [...edits.slice(0, -2), { edit: "resize", sizes: { ...before.sizes, ...last.sizes } }];
  const replaces = ["configure", "handle", "rename", "describe", "label", "limit", "declare"].includes(last.edit);
  return replaces && targets(last)[0] === targets(before)[0] ? [...edits.slice(0, -2), last] : edits;
}

/** The person decided: their value as a new edit, or nothing when the other's stays. @param {Sync} sync @param {Conflict} conflict */
export function settled(sync, conflict) {
  return { ...sync, conflicts: sync.conflicts.filter((each) => each !== conflict) };
}
