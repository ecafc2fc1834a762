import assert from "node:assert/strict";
import { test } from "node:test";
import { movedTo, nudged, removeSelected } from "../../builder/canvas/core/building.js";
import { clipOf, copied, pasted } from "../../builder/canvas/core/clipboard.js";
import { completed } from "../../builder/canvas/core/document.js";
import { Editor } from "../../builder/canvas/core/editor.js";
import { applyAll } from "../../builder/canvas/core/edits.js";
import { LEAST, LONGEST, addNote, boxOf, called, laid, nodeOf, noteOf, sized, written } from "../../builder/canvas/core/notes.js";
import { NOTHING, everything, following, onlyNote, remaining } from "../../builder/canvas/core/selection.js";
import * as sync from "../../builder/canvas/core/sync.js";

const BOX = { x: 100, y: 200, w: 240, h: 120, color: "amber" };
const step = { type: "data.join_text", version: 1, settings: {} };
const DOCUMENT = completed({
  name: "one", meaning: { steps: { join: step } }, words: { notes: { hint: "Ask Ada" } }, layout: { steps: { join: [0, 0] }, notes: { hint: BOX } },
});
const alone = () => {
  const editor = new Editor({ client: "c1", now: () => 0, later: () => () => undefined, edits: () => undefined, resync: () => undefined });
  editor.opened({ document: DOCUMENT, revision: 1, nonce: 1 }, true);
  return editor;
};
const textOf = (/** @type {Editor} */ editor, /** @type {string} */ id) => editor.document.words.notes[id];
/** @type {(revision: number, batch: string, ...edits: import("../../builder/canvas/core/edits.js").Edit[]) => sync.Change} */
const change = (revision, batch, ...edits) => ({ revision, batch, client: "c2", who: "Grace", edits });

test("a new note lies around the middle, on the grid, or just above or below what lies there", () => {
  const first = addNote(DOCUMENT, [625, 62], {}, () => 0.5);
  const { document } = applyAll(DOCUMENT, first.edits);
  assert.deepEqual(document.layout.notes[first.id], { x: 500, y: 0, w: 240, h: 120, color: "amber" });
  const second = addNote(document, [625, 62], {}, () => 0.25);
  assert.deepEqual([second.edits[0]?.edit === "note" && second.edits[0].box?.y, second.id === first.id], [140, false]);
  const beside = addNote(document, [120, 20], { join: { w: 240, h: 60 } }).edits[0];
  assert.equal(beside?.edit === "note" && beside.box?.y, -140, "on no step");
});

test("where everything is full a new note lies on top, and the next one a little aside", () => {
  const full = completed({ ...DOCUMENT, words: { notes: { hint: "" } }, layout: { steps: { join: [0, -1000] }, notes: { hint: { ...BOX, x: 400, y: 0 } } } });
  const add = (/** @type {typeof full} */ document) => applyAll(document, addNote(document, [120, 60], { join: { w: 240, h: 3000 } }).edits).document;
  const places = Object.values(add(add(full)).layout.notes).map(({ x, y }) => [x, y]);
  assert.deepEqual(places, [[400, 0], [0, 0], [20, 20]]);
});

test("writing leaves a note where it lies, and moving it leaves its words", () => {
  const wrote = applyAll(DOCUMENT, written("hint", "Ask Grace\nor Ada")).document;
  assert.deepEqual(wrote.layout.notes.hint, BOX);
  const moved = applyAll(wrote, laid(wrote, "hint", { x: 0, color: "blue" })).document;
  assert.equal(moved.words.notes.hint, "Ask Grace\nor Ada");
  assert.deepEqual(moved.layout.notes.hint, { ...BOX, x: 0, color: "blue" });
  assert.equal(moved.meaning, DOCUMENT.meaning, "what runs is the very same");
});

test("more than a document takes is not written", () => {
  const [edit] = written("hint", "x".repeat(LONGEST + 1));
  assert.equal(edit?.edit === "note" && edit.text?.length, LONGEST);
});

test("typing is taken back as one and brought again; the note itself goes with the next undo", () => {
  const editor = alone();
  const { edits, id } = addNote(editor.document, [700, 300], {}, () => 0.5);
  editor.do(edits, { select: onlyNote(id) });
  for (const text of ["H", "Hi", "Hi\n"]) editor.do(written(id, text), { gesture: `note ${id}` });
  editor.undo();
  assert.equal(textOf(editor, id), "");
  editor.undo();
  assert.equal(textOf(editor, id), undefined);
  assert.deepEqual(editor.state.selection.notes, []);
  editor.redo();
  editor.redo();
  assert.equal(textOf(editor, id), "Hi\n");
});

test("what is typed into a new note before it is sent travels as one edit with its place", () => {
  const { edits, id } = addNote(DOCUMENT, [700, 300], {}, () => 0.5);
  const begun = sync.did(sync.started(DOCUMENT, 1), edits, "c1").sync;
  const typed = sync.did(sync.did(begun, written(id, "H"), "c1").sync, written(id, "Hi"), "c1").sync;
  assert.deepEqual(typed.pending[0]?.edits, [{ ...edits[0], text: "Hi" }]);
});

test("one writes while another moves: both stay", () => {
  const mine = sync.did(sync.started(DOCUMENT, 1), written("hint", "Mine"), "c1").sync;
  const { document, conflicts } = sync.received(mine, { changes: [change(2, "c2-1", ...laid(DOCUMENT, "hint", { x: 500 }))], refused: [] });
  assert.deepEqual([document.words.notes.hint, document.layout.notes.hint?.x, conflicts], ["Mine", 500, []]);
});

test("two write in one note: the person decides, and nothing typed is lost", () => {
  const mine = sync.did(sync.started(DOCUMENT, 1), written("hint", "Mine"), "c1").sync;
  const { document, conflicts } = sync.received(mine, { changes: [change(2, "c2-1", ...written("hint", "Theirs"))], refused: [] });
  assert.equal(document.words.notes.hint, "Theirs");
  assert.deepEqual([conflicts[0]?.what, conflicts[0]?.yours, conflicts[0]?.theirs, conflicts[0]?.who], ["text", "Mine", "Theirs", "Grace"]);
});

test("a note that somebody took away does not come back by moving it", () => {
  const mine = sync.did(sync.started(DOCUMENT, 1), laid(DOCUMENT, "hint", { x: 0 }), "c1").sync;
  const { document, lost } = sync.received(mine, { changes: [change(2, "c2-1", ...written("hint", null))], refused: [] });
  assert.deepEqual([document.words.notes, document.layout.notes, lost], [{}, {}, ""]);
});

test("nobody goes on writing in a note that somebody took away, even when it comes back", () => {
  const editor = alone();
  editor.set({ selection: onlyNote("hint"), writing: "hint" });
  editor.received({ revision: 2, changes: [change(2, "c2-1", ...written("hint", null))], refused: [] });
  editor.received({ revision: 3, changes: [change(3, "c2-2", ...written("hint", "again"))], refused: [] });
  assert.deepEqual([textOf(editor, "hint"), editor.state.writing, editor.state.selection.notes], ["again", null, []]);
});

test("steps and notes are carried, pushed and deleted together", () => {
  const both = everything(DOCUMENT);
  assert.deepEqual(both, { steps: ["join"], edges: [], notes: ["hint"] });
  const pushed = [{ edit: "move", places: { join: [20, 0] } }, { edit: "lay", boxes: { hint: { ...BOX, x: 120 } } }];
  assert.deepEqual(nudged(DOCUMENT, both, 20, 0), pushed);
  assert.deepEqual(movedTo(DOCUMENT, { join: [20, 0] }, { hint: [120, 200] }), pushed);
  const { document, inverse } = applyAll(DOCUMENT, removeSelected(DOCUMENT, both));
  assert.deepEqual([document.meaning.steps, document.words.notes], [{}, {}]);
  assert.deepEqual(applyAll(document, inverse).document, DOCUMENT);
});

test("a copied note is pasted beside itself, as another one", () => {
  const clip = clipOf(copied(DOCUMENT, onlyNote("hint")));
  assert.ok(clip);
  const { edits, notes } = pasted(DOCUMENT, clip, { by: [40, 40] });
  const { document } = applyAll(DOCUMENT, edits);
  const [id = ""] = notes;
  assert.notEqual(id, "hint");
  assert.deepEqual([document.words.notes[id], document.layout.notes[id]], ["Ask Ada", { ...BOX, x: 140, y: 240 }]);
});

test("a note without a place lies left of the steps, each below the other", () => {
  const lost = completed({ ...DOCUMENT, words: { notes: { a: "1", b: "2" } }, layout: { steps: { join: [-40, 0] }, notes: {} } });
  assert.deepEqual([boxOf(lost, "a"), boxOf(lost, "b").y], [{ x: -340, y: 0, w: 240, h: 120, color: "amber" }, 140]);
});

test("Tab walks on from the last step to the notes, and out", () => {
  assert.equal(following(DOCUMENT, "join", 1), nodeOf("hint"));
  assert.equal(following(DOCUMENT, nodeOf("hint"), 1), null);
  assert.equal(following(DOCUMENT, nodeOf("hint"), -1), "join");
  assert.equal(noteOf(nodeOf("hint")), "hint");
  assert.equal(noteOf("join"), null);
});

test("a note that is gone leaves the selection", () => {
  assert.deepEqual(remaining({ ...NOTHING, notes: ["gone", "hint"] }, DOCUMENT).notes, ["hint"]);
});

test("a hand pulls a note to the grid and never too small to take hold of", () => {
  assert.deepEqual(sized({ w: 251, h: 3 }), { w: 260, h: LEAST.h });
});

test("a note is called by its first line that says something", () => {
  assert.equal(called("\n  Ask Ada \nmore"), "Note: Ask Ada");
  assert.equal(called(" \n"), "Empty note");
  assert.equal(called("x".repeat(80)).length, 66);
});
