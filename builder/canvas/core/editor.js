/**
 * The editor's state, held outside of React: every view reads a part of it, every change goes through here.
 * Talks to the server only through the `line` it is given, so that tests can stand at its other end.
 *
 * @typedef {import("./document.js").Document} Document
 * @typedef {import("./document.js").NodeType} NodeType
 * @typedef {import("./document.js").Check} Check
 * @typedef {import("./edits.js").Edit} Edit
 * @typedef {import("./selection.js").Selection} Selection
 * @typedef {import("./building.js").Where} Where
 * @typedef {{ kind: "palette", where: Where } | { kind: "help" } | { kind: "problems" } | { kind: "imported" } | { kind: "run", form: boolean, fresh?: boolean, inner?: Inner } | { kind: "workflow" | "versions" | "flows" | "tests" } | null} Overlay
 * @typedef {{ step: string, path: string, title: string }} Inner a step of a called workflow that is looked at
 * @typedef {{ name?: string, pins?: string[], said?: { step: string, asks?: string[], refused?: { message: string, hint: string } } | null, items?: { run: string, step: string, choices: Choice[] } }} Tried
 * @typedef {{ run: string, path: string, failed: boolean }} Choice an item or a round of a run that a step may be tried with
 * @typedef {{ n?: number, name: string, title: string, number: number, document: any }} Inside a called workflow in its version, only to look at
 * @typedef {{ runStep: (step: string, item: { run: string, path: string } | null, sure: boolean) => void, runFrom: (step: string) => void, pin: (step: string, path: string) => void, unpin: (step: string) => void, keep: () => void, items: (step: string) => void }} Tries what may be tried
 * @typedef {{ name: string, title: string, content: string, number: number, inputs: string[] }} Callable a workflow in its newest version
 * @typedef {{ saw: number, batch: string, edits: Edit[] }} Sent
 * @typedef {{ inspect: (step: string, path: string) => void, items: (page: { run: string, step: string, around: string, failed: boolean, after: number }) => void, item: (which: { run: string, path: string }) => void }} Reads what may be asked of a run
 * @typedef {{ edits: (sent: Sent) => void, resync: () => void, lookInside?: (name: string, content: string) => void, later: (run: () => void, ms: number) => () => void,
 *   now: () => number, client: string }} Line
 * @typedef {{ sync: import("./sync.js").Sync, history: import("./undo.js").History, selection: Selection, check: Check | null,
 *   types: Map<string, NodeType>, aliases: { value: string, label: string }[],
 *   bases: { value: string, label: string }[], workflows: Callable[], people: { value: string, label: string, group: boolean }[],
 *   hosts: import("./hosts.js").Host[],
 *   origin: { name: string, title: string, renewed: boolean } | null, run: import("./run.js").Run | null, sample: boolean, filled: { n: number, inputs: Record<string, any> } | null,
 *   streams: Record<string, import("./run.js").Stream>, imported: import("./imported.js").ImportReport | null, inspected: any, items: any, item: any, tried: Tried, inside: Inside | null, opened: string, at: string, overlay: Overlay, tab: string, panel: boolean,
 *   renaming: string | null, entering: string | null, writing: string | null, focus: { step: string, field: string, n: number } | null, notice: string, offline: boolean,
 *   sizes: Record<string, import("./layout.js").Size>, readonly: boolean, marks: import("./governing.js").Marks | null,
 *   versions: import("./governing.js").Version[] | null, cases: import("./governing.js").Case[] | null, testing: boolean,
 *   compared: { title: string, before: any, after: any, changes: import("./governing.js").Ranked[] } | null }} State
 */
import { addStep, shownPlaces } from "./building.js";
import { withRoom } from "./containers.js";
import { completed } from "./document.js";
import { EditError, applyAll } from "./edits.js";
import { exitsOf } from "./graph.js";
import { heard } from "./run.js";
import { NOTHING, only, remaining } from "./selection.js";
import * as sync from "./sync.js";
import * as undo from "./undo.js";

/** Edits wait this long for more of their kind, in milliseconds. */
const PAUSE = 120;
/** Without an answer for this long the person is told, and the batch is sent again, in milliseconds. */
const PATIENCE = 6000;

export class Editor {
  /** @param {Line} line */
  constructor(line) {
    this.line = line;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    /** @type {(() => void) | null} */
    this.sending = null;
    /** @type {(() => void) | null} */
    this.waiting = null;
    /** @type {import("./clipboard.js").Clip | null} what was copied last */
    this.clip = null;
    /** @type {State} */
    this.state = {
      sync: sync.started(completed(null), 0), history: undo.EMPTY, selection: NOTHING, check: null, types: new Map(), aliases: [], bases: [], workflows: [], people: [], hosts: [], origin: null,
      run: null, sample: false, filled: null, streams: {}, imported: null, inspected: null, items: null, item: null, tried: {}, inside: null, opened: "", at: "", overlay: null, tab: "settings", panel: true, renaming: null, entering: null, writing: null, focus: null, notice: "",
      offline: false, sizes: {}, readonly: false, marks: null, versions: null, cases: null, testing: false, compared: null,
    };
  }

  subscribe = (/** @type {() => void} */ listener) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** @param {Partial<State>} change */
  set(change) {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  get document() {
    return this.state.sync.document;
  }

  /** The exits of a step as drawn now. */
  exitsOf = (/** @type {string} */ id) => {
    const type = this.state.types.get(this.document.meaning.steps[id]?.type ?? "");
    return exitsOf(this.document, id, type, this.state.check);
  };

  /** Does the edits at once and sends them soon; returns whether they fit. @param {Edit[]} edits @param {{ gesture?: string, select?: Selection }} [how] */
  do(edits, how = {}) {
    if (!edits.length || this.state.readonly) return false;
    edits = [...this.#placed(edits), ...edits];
    const done = this.#apply(edits);
    if (!done) return false;
    const history = undo.remember(this.state.history, { edits, inverse: done.inverse }, how.gesture ?? "", this.line.now());
    this.#shows({ sync: done.sync, history, selection: how.select ?? this.state.selection, tab: how.select?.steps.length ? "settings" : this.state.tab });
    this.#sendSoon();
    return true;
  }

  /** A new step, chosen, with room made for it. @param {NodeType} type @param {Where} where */
  add(type, where) {
    const { edits, id } = addStep(this.shown, type, where, this.exitsOf, this.state.sizes);
    return this.doWithRoom(edits, { select: only(id) });
  }

  /** Does edits that put something into containers: what stands beside makes room. @param {Edit[]} edits @param {{ select?: Selection }} [how] */
  doWithRoom(edits, how) {
    return this.do(withRoom(this.shown, edits, (before, each) => applyAll(before, each).document, this.state.types, this.state.sizes), how);
  }

  /** The document with every step where it is seen, also what nobody gave a place yet. @returns {Document} */
  get shown() {
    const { document } = this;
    return { ...document, layout: { ...document.layout, steps: shownPlaces(document, this.state.types) } };
  }

  /** Once a hand puts something somewhere, all that the canvas had only found a place for stays there. @param {Edit[]} edits @returns {Edit[]} */
  #placed(edits) {
    const { steps } = this.document.meaning;
    const missing = Object.keys(steps).filter((id) => !this.document.layout.steps[id]);
    if (!missing.length || !edits.some((each) => each.edit === "add" || each.edit === "move" || each.edit === "enclose")) return [];
    const { steps: places } = this.shown.layout;
    return [{ edit: "move", places: Object.fromEntries(missing.map((id) => [id, places[id] ?? null])) }];
  }

  undo() {
    this.#walk("past", "future");
  }

  redo() {
    this.#walk("future", "past");
  }

  /** @param {"past" | "future"} source @param {"past" | "future"} target */
  #walk(source, target) {
    const step = this.state.history[source].at(-1);
    if (!step) return;
    const history = { ...this.state.history, [source]: this.state.history[source].slice(0, -1) };
    const done = this.#apply(step.inverse);
    if (!done) return this.set({ history });
    const back = { edits: step.inverse, inverse: done.inverse, gesture: "", at: this.line.now() };
    this.#shows({ sync: done.sync, history: { ...history, [target]: [...history[target], back] } });
    this.#sendSoon();
  }

  /** @param {Edit[]} edits */
  #apply(edits) {
    try {
      return sync.did(this.state.sync, edits, this.line.client);
    } catch (error) {
      if (!(error instanceof EditError)) throw error;
      this.set({ notice: error.message });
      return null;
    }
  }

  /** @param {Selection} selection */
  select(selection) {
    const one = selection.steps.length === 1;
    const writing = this.state.writing && selection.notes.includes(this.state.writing) ? this.state.writing : null;
    this.set({ selection, panel: one || this.state.panel, inspected: null, at: "", renaming: null, writing });
  }

  /** A click on a step: its panel, even while the run lies over it; what it did is told first while the run is what is looked at. @param {string} id */
  visit(id) {
    const told = this.state.overlay?.kind === "run" && !this.state.overlay.form && this.state.run?.steps[id];
    this.set({ panel: true, tab: told ? "run" : this.state.tab, overlay: ["run", "workflow", "versions", "flows", "tests"].includes(this.state.overlay?.kind ?? "") ? null : this.state.overlay });
  }

  /** Goes to a step, and to one of its fields. @param {string} step @param {string | null} [field] */
  goTo(step, field) {
    if (!this.document.meaning.steps[step]) return;
    const focus = { step, field: field ?? "", n: (this.state.focus?.n ?? 0) + 1 };
    this.set({ selection: only(step), panel: true, tab: "settings", focus, overlay: null });
  }

  /** A conflict is decided: “mine” sends the person's value again, “theirs” lets it go. @param {import("./sync.js").Conflict} conflict @param {"mine" | "theirs"} whose */
  settle(conflict, whose) {
    this.set({ sync: sync.settled(this.state.sync, conflict) });
    if (whose === "theirs") return;
    if (conflict.edit) this.do([conflict.edit]);
  }

  /** @param {{ document: any, revision: number, nonce: any } | null} opened @param {boolean} first */
  opened(opened, first) {
    if (!opened?.document) return;
    const document = completed(opened.document);
    const fresh = first || document.name !== this.document.name;
    const next = fresh ? sync.started(document, opened.revision) : sync.reopened(this.state.sync, document, opened.revision);
    if (fresh) this.set({ history: undo.EMPTY, selection: NOTHING, overlay: null, writing: null, inspected: null, streams: {}, tab: "settings" });
    this.#shows({ sync: next, offline: false });
    const again = sync.unconfirmed(next);
    if (again) this.#send(again);
    else this.#sendSoon();
  }

  /** @param {{ revision: number, changes: import("./sync.js").Change[], refused: import("./sync.js").Refusal[] } | null} said */
  received(said) {
    if (!said) return;
    const before = this.state.sync;
    const next = sync.received(before, { changes: said.changes ?? [], refused: said.refused ?? [] });
    const others = (said.changes ?? []).filter((change) => change.revision > before.revision && !before.pending.some((batch) => batch.batch === change.batch));
    const history = others.length ? undo.yieldTo(this.state.history, others.flatMap((change) => change.edits)) : this.state.history;
    this.#shows({ sync: { ...next, lost: "" }, history, offline: false, notice: next.lost || this.state.notice });
    if (next.gap) {
      this.line.resync();
    } else if (!sync.unconfirmed(next)) {
      this.waiting?.();
      this.waiting = null;
      this.#sendSoon();
    }
  }

  /** @param {any} spoken */
  spoken(spoken) {
    if (!spoken?.deltas?.length || (this.state.run?.id && spoken.run !== this.state.run.id)) return;
    this.set({ streams: heard(this.state.streams, spoken.deltas) });
  }

  /** @param {any} run */
  ran(run) {
    const same = run?.id === this.state.run?.id;
    const count = (/** @type {any} */ each) => Object.keys(each?.steps ?? {}).length;
    const began = count(run) > 0 && !(same && count(this.state.run));
    this.set({ run: run?.id ? run : null, streams: same ? this.state.streams : {}, ...(same ? {} : { opened: "", at: "" }), tab: began ? "run" : this.state.tab });
  }

  #sendSoon() {
    if (this.sending) return;
    this.sending = this.line.later(() => {
      this.sending = null;
      const { sync: next, batch } = sync.next(this.state.sync);
      if (!batch) return;
      this.set({ sync: next });
      this.#send(batch);
    }, PAUSE);
  }

  /** @param {import("./sync.js").Batch} batch */
  #send(batch) {
    this.line.edits({ saw: batch.saw, batch: batch.batch, edits: batch.edits });
    this.waiting?.();
    this.waiting = this.line.later(() => {
      this.set({ offline: true });
      this.line.resync();
      this.waiting = this.line.later(() => this.#send(batch), PATIENCE);
    }, PATIENCE);
  }

  /** @param {Partial<State> & { sync: import("./sync.js").Sync }} change */
  #shows(change) {
    const { document } = change.sync;
    const { writing } = this.state;
    const there = writing !== null && Object.hasOwn(document.words.notes, writing);
    this.set({ ...change, selection: remaining(change.selection ?? this.state.selection, document), writing: there ? writing : null });
  }
}
