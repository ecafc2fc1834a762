// The whole editor as one component. Its state lives in the browser; the server hears of edits and answers with revisions.
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { nudged, removeSelected, tidyUp } from "./core/building.js";
import { clipOf, copied, pasteInto, pasted } from "./core/clipboard.js";
import { HEAD, PAD, holderOf } from "./core/containers.js";
import { Editor } from "./core/editor.js";
import { reportKey, reportOf } from "./core/imported.js";
import { GRID } from "./core/layout.js";
import { ENDED, isGoing } from "./core/run.js";
import { addNote, called, nodeOf, noteOf } from "./core/notes.js";
import { NOTHING, everything, following, isNothing, neighbour, only, onlyNote } from "./core/selection.js";
import { DataFlow } from "./panel/DataFlow.jsx";
import { Panel } from "./panel/Panel.jsx";
import { TestCases } from "./panel/TestCases.jsx";
import { Versions } from "./panel/Versions.jsx";
import { Workflow } from "./panel/Workflow.jsx";
import { Compare } from "./view/Compare.jsx";
import { Flow } from "./view/Flow.jsx";
import { Icon } from "./view/icons.jsx";
import { Imported } from "./view/Imported.jsx";
import { Inside } from "./view/Inside.jsx";
import { ConflictDialog, EmptyCanvas, Notice, Problems, Shortcuts } from "./view/Overlays.jsx";
import { Palette } from "./view/Palette.jsx";
import { RunPanel } from "./view/RunPanel.jsx";
import { Toolbar, ViewTools } from "./view/Toolbar.jsx";
import { EditorContext, useEditor, usePart } from "./view/useEditor.js";
import { useKeyboard } from "./view/useKeyboard.js";
import { useFit } from "./view/useView.js";
import { FilesContext, ProseContext } from "./view/Value.jsx";

const STAY_MS = 20_000;
const UNSEEN = /** @type {FocusOptions} */ ({ preventScroll: true, focusVisible: false });

/**
 * `onStay` tells the server now and then that somebody is still here; `prose` shows what models write, `bring` takes files and `kept` shows them; `at` is the address of the page.
 *
 * @typedef {{ at?: string, opened?: any, sync?: any, check?: any, catalogue?: any[], aliases?: { value: string, label: string }[],
 *   bases?: { value: string, label: string }[], workflows?: import("./core/editor.js").Callable[], people?: { value: string, label: string, group: boolean }[], hosts?: import("./core/hosts.js").Host[], origin?: any, run?: any, filled?: any, spoken?: any,
 *   inspected?: any, prose?: import("./view/Value.jsx").Prose, bring?: any, kept?: any, largest?: number, onStay?: () => void, onEdits?: (sent: any) => void, onResync?: () => void, onRun?: (run: any) => void,
 *   onFillIn?: () => void, onCancel?: (run: any) => void, onInspect?: (step: any) => void, items?: any, item?: any, onItems?: (page: any) => void, onItem?: (which: any) => void, tried?: any, inside?: any,
 *   onRunStep?: (tried: any) => void, onRunFrom?: (tried: any) => void, onPin?: (pinned: any) => void, onUnpin?: (pinned: any) => void, onKeep?: () => void, onTriedItems?: (asked: any) => void, onLookInside?: (which: any) => void, governed?: any, onVersions?: () => void, onSaveVersion?: (said: any) => void,
 *   onRestore?: (version: any) => void, onCompare?: (two: any) => void, onTests?: () => void, onSaveTest?: (saved: any) => void,
 *   onRemoveTest?: (removed: any) => void, onRunTests?: () => void, children?: import("react").ReactNode }} Props
 */

/** @param {Props} props */
export function Canvas(props) {
  const editor = useWired(props);
  const { bring, kept, largest = 0 } = props;
  const files = useMemo(() => (bring && kept ? { Bring: bring, Kept: kept, largest } : null), [bring, kept, largest]);
  return (
    <EditorContext.Provider value={editor}>
      <ProseContext.Provider value={props.prose ?? null}>
        <FilesContext.Provider value={files}>
          {isHere(props) ? <ReactFlowProvider key={props.opened.document.name}><Room {...props} editor={editor} /></ReactFlowProvider> : <Loading />}
        </FilesContext.Provider>
      </ProseContext.Provider>
    </EditorContext.Provider>
  );
}

/** Whether what the server sent is the workflow of this page: at first it still has the one that was open before. @param {Props} props */
const isHere = ({ at, opened }) => !!opened?.document && (!at || at.endsWith(`/${encodeURIComponent(opened.document.name)}`));

function Loading() {
  return <div className="gc-root gc-loading" role="status" aria-label="Opening the workflow"><span className="gl-spinner" /></div>;
}

/** The editor, fed with what the server says. @param {Props} props */
function useWired(props) {
  const latest = useRef(props);
  latest.current = props;
  const editor = useMemo(() => new Editor({
    client: `c${Math.random().toString(36).slice(2, 10)}`,
    now: () => Date.now(),
    later: (run, ms) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    edits: (sent) => latest.current.onEdits?.(sent),
    resync: () => latest.current.onResync?.(),
    lookInside: (name, content) => latest.current.onLookInside?.({ name, content }),
  }), []);
  const first = useRef(true);
  useEffect(() => {
    if (!isHere(latest.current)) return;
    editor.opened(props.opened, first.current);
    if (first.current) showReport(editor);
    first.current = false;
  }, [props.opened, props.at]);
  useEffect(() => { editor.received(props.sync); }, [props.sync]);
  useEffect(() => { editor.set({ check: props.check?.revision === undefined ? null : props.check }); }, [props.check]);
  useEffect(() => { editor.set({ types: new Map((props.catalogue ?? []).map((type) => [type.type, type])) }); }, [props.catalogue]);
  useEffect(() => { editor.set({ aliases: props.aliases ?? [] }); }, [props.aliases]);
  useEffect(() => { editor.set({ bases: props.bases ?? [] }); }, [props.bases]);
  useEffect(() => { editor.set({ workflows: props.workflows ?? [] }); }, [props.workflows]);
  useEffect(() => { editor.set({ people: props.people ?? [] }); }, [props.people]);
  useEffect(() => { editor.set({ hosts: props.hosts ?? [] }); }, [props.hosts]);
  useEffect(() => { editor.set({ origin: props.origin?.name ? props.origin : null }); }, [props.origin]);
  useEffect(() => { editor.ran(props.run); }, [props.run]);
  useEffect(() => { editor.set({ filled: props.filled?.n ? props.filled : null }); }, [props.filled]);
  useEffect(() => { editor.set({ sample: props.opened?.sample === true }); }, [props.opened]);
  useEffect(() => { editor.spoken(props.spoken); }, [props.spoken]);
  useEffect(() => { editor.set({ inspected: props.inspected }); }, [props.inspected]);
  useEffect(() => { editor.set({ items: props.items ?? null }); }, [props.items]);
  useEffect(() => { editor.set({ item: props.item ?? null }); }, [props.item]);
  useEffect(() => { editor.set({ tried: props.tried?.name === latest.current.opened?.document?.name ? props.tried : {} }); }, [props.tried, props.opened]);
  useEffect(() => { editor.set({ inside: props.inside?.n ? props.inside : null }); }, [props.inside]);
  useEffect(() => {
    const { name, versions = null, cases = null, compared = null, testing = false } = props.governed ?? {};
    if (name === latest.current.opened?.document?.name) editor.set({ versions, cases, compared, testing });
  }, [props.governed, props.opened]);
  useEffect(() => {
    const timer = setInterval(() => latest.current.onStay?.(), STAY_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    const warn = (/** @type {BeforeUnloadEvent} */ event) => editor.state.sync.pending.length && event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [editor]);
  return editor;
}

/** @param {Props & { editor: Editor }} props */
function Room({ editor, onRun, onFillIn, onCancel, onInspect, onItems, onItem, children, ...governing }) {
  const tries = useTries(editor, governing);
  const overlay = usePart((state) => state.overlay);
  const selected = usePart((state) => (state.panel && state.selection.steps.length === 1 && !state.selection.edges.length && !state.selection.notes.length ? state.selection.steps[0] : undefined));
  const stage = useRef(/** @type {HTMLDivElement | null} */ (null));
  useEffect(() => { // the keyboard is never nowhere: what closes gives it back to the drawing
    if (document.activeElement === document.body) stage.current?.focus(UNSEEN);
  }, [overlay, selected]);
  const does = useCommands(editor, stage, tries);
  useKeyboard(editor, does);
  const flow = useReactFlow();
  const center = useCallback(() => {
    const [x, y] = middleOf(flow, stage.current);
    return /** @type {[number, number]} */ ([x - 120, y - 36]);
  }, [flow]);
  const stop = () => editor.state.run && onCancel?.({ run: editor.state.run.id });
  const start = (/** @type {Record<string, any>} */ inputs, fresh = false, pinned = false) => {
    editor.set({ run: null, streams: {}, tried: { ...editor.state.tried, said: null }, overlay: { kind: "run", form: false } });
    onRun?.({ inputs, fresh, pinned });
  };
  const reads = useMemo(() => ({
    inspect: (/** @type {string} */ step, /** @type {string} */ path) => { if (editor.state.run) onInspect?.({ run: editor.state.run.id, step, path }); },
    items: (/** @type {any} */ page) => onItems?.(page),
    item: (/** @type {any} */ which) => onItem?.(which),
  }), [editor, onInspect, onItems, onItem]);
  const kind = overlay?.kind;
  const opens = (/** @type {"versions" | "flows" | "tests"} */ side) => {
    editor.set({ overlay: kind === side ? null : { kind: side } });
    if (side === "versions") governing.onVersions?.();
    if (side === "tests") governing.onTests?.();
  };
  return (
    <div className="gc-root">
      <Toolbar does={does} onStop={stop}>{children}</Toolbar>
      <div className="gc-main">
        <div ref={stage} className="gc-stage" tabIndex={0} role="application" aria-label="Canvas. Tab walks from step to step, ? shows all keys." onPointerDown={(event) => focusStage(event, stage.current)}>
          <Flow onPane={() => editor.set({ selection: NOTHING, overlay: kind === "palette" ? null : overlay })} />
          <EmptyCanvas />
          <div className="gc-add-step">
            <button type="button" className="gl-button gl-button--small" title="Add a step ( / )" onClick={() => does("palette")}><Icon name="plus" />Add step</button>
            <button type="button" className="gl-button gl-button--small gl-button--icon" aria-label="Add a note" title="Add a note ( N )" onClick={() => does("note")}><Icon name="sticky-note" /></button>
            <button type="button" className="gl-button gl-button--small gl-button--icon" aria-label="Description, variables, limits" title="Description, variables, limits" onClick={() => editor.set({ overlay: { kind: "workflow" } })}><Icon name="settings" /></button>
            <ImportedButton />
            {SIDE.map(([side, icon, label]) => (
              <button key={side} type="button" className="gl-button gl-button--small gl-button--icon" aria-label={label} title={label} aria-pressed={kind === side} onClick={() => opens(side)}><Icon name={icon} /></button>
            ))}
          </div>
          <ViewTools does={does} />
          {overlay?.kind === "palette" && <Palette where={overlay.where} center={center} />}
          {kind === "problems" && <Problems />}
          {kind === "imported" && <Imported />}
          <Announcer />
        </div>
        {kind === "run" ? <RunPanel onRun={start} onFillIn={onFillIn} onStop={stop} reads={reads} /> : kind === "workflow" ? <Workflow /> : kind === "versions" || kind === "flows" || kind === "tests" ? <Side kind={kind} {...governing} /> : selected ? <Panel id={selected} reads={reads} tries={tries} /> : null}
      </div>
      <Compare />
      <Inside />
      {kind === "help" && <Shortcuts />}
      <ConflictDialog />
      <Notice />
    </div>
  );
}

/** What may be tried with a step: with the run that is shown, where that has ended. @param {Editor} editor @param {Props} props @returns {import("./core/editor.js").Tries} */
function useTries(editor, props) {
  const latest = useRef(props);
  latest.current = props;
  return useMemo(() => {
    const run = () => (editor.state.run && ENDED.has(editor.state.run.status) && !editor.state.run.id.startsWith("refused-") ? editor.state.run.id : "");
    const refuse = (/** @type {string} */ step, /** @type {string} */ message, hint = "") => editor.set({ tried: { ...editor.state.tried, said: { step, refused: { message, hint } } } });
    const saved = (/** @type {string} */ step) => {
      if (!editor.state.sync.pending.length) return true;
      refuse(step, "The last change is not saved yet.", "Try again in a moment.");
      return false;
    };
    return {
      runStep: (step, item, sure) => { if (saved(step)) latest.current.onRunStep?.({ step, run: item?.run ?? run(), path: item?.path ?? "", sure }); },
      runFrom: (step) => {
        if (!run()) refuse(step, "There is no last run to go on from.", "Run the workflow once; then it can go on from any step.");
        else if (saved(step)) latest.current.onRunFrom?.({ step, run: run() });
      },
      pin: (step, path) => latest.current.onPin?.({ step, run: run(), path }),
      unpin: (step) => latest.current.onUnpin?.({ step }),
      keep: () => latest.current.onKeep?.(),
      items: (step) => latest.current.onTriedItems?.({ run: run(), step }),
    };
  }, [editor]);
}

/** What was imported a moment ago is told at once, and as long as the tab is open by a button. @param {Editor} editor */
function showReport(editor) {
  const imported = reportOf(sessionStorage.getItem(reportKey(editor.document.name)));
  if (imported) editor.set({ imported, overlay: { kind: "imported" } });
}

function ImportedButton() {
  const editor = useEditor();
  const imported = usePart((state) => state.imported);
  if (!imported) return null;
  return <button type="button" className="gl-button gl-button--small gl-button--icon" aria-label="Import report" title="Import report" onClick={() => editor.set({ overlay: { kind: "imported" } })}><Icon name="file-input" /></button>;
}

/** What lies beside the canvas about the workflow as a whole. @type {["versions" | "flows" | "tests", string, string][]} */
const SIDE = [["versions", "history", "Versions"], ["flows", "route", "What goes where"], ["tests", "list-checks", "Test cases"]];

/** @param {Props & { kind: "versions" | "flows" | "tests" }} props */
function Side({ kind, onSaveVersion, onRestore, onCompare, onSaveTest, onRemoveTest, onRunTests }) {
  if (kind === "flows") return <DataFlow />;
  if (kind === "tests") return <TestCases onSave={(saved) => onSaveTest?.(saved)} onRemove={(id) => onRemoveTest?.({ case: id })} onRunAll={() => onRunTests?.()} />;
  return <Versions onSave={(said) => onSaveVersion?.(said)} onRestore={(version) => onRestore?.({ version })} onCompare={(before, after) => onCompare?.({ before, after })} />;
}

/** Every command by its name. @param {Editor} editor @param {import("react").RefObject<HTMLDivElement | null>} stage @param {import("./core/editor.js").Tries} tries */
function useCommands(editor, stage, tries) {
  const flow = useReactFlow();
  const fit = useFit();
  return useCallback((/** @type {import("./core/keyboard.js").Command} */ command) => {
    const { selection } = editor.state;
    const { document } = editor;
    const chosen = selection.steps.at(-1);
    const note = chosen ? undefined : selection.notes.at(-1);
    const go = (/** @type {string | null} */ id) => {
      if (!id) return false;
      const found = noteOf(id);
      editor.select(found === null ? only(id) : onlyNote(found));
      const node = flow.getInternalNode(id);
      if (node) void flow.setCenter(node.internals.positionAbsolute.x + (node.width ?? 240) / 2, node.internals.positionAbsolute.y + (node.height ?? 80) / 2, { zoom: Math.max(flow.getZoom(), 0.6), duration: 200 });
      return true;
    };
    const nudge = (/** @type {number} */ dx, /** @type {number} */ dy) => editor.do(nudged(document, selection, dx, dy), { gesture: `nudge ${selection.steps.join()} ${selection.notes.join()}` });
    const paste = (/** @type {string | import("./core/clipboard.js").Clip | null} */ from) => {
      const clip = typeof from === "string" ? clipOf(from) : from;
      if (!clip?.steps.length && !clip?.notes?.length) return false;
      const inside = command === "duplicate" && chosen ? holderOf(document, chosen) : pasteInto(document, clip, selection.steps, editor.state.types);
      const where = inside && clip.steps.every((each) => each.step.inside !== inside) ? { at: /** @type {[number, number]} */ ([PAD, HEAD]) } : { by: /** @type {[number, number]} */ ([2 * GRID, 2 * GRID]) };
      const { edits, ids, notes } = pasted(document, clip, { ...where, inside }, editor.state.types);
      return editor.doWithRoom(edits, { select: { steps: ids, edges: [], notes } });
    };
    switch (command) {
      case "run": runs(editor); return true;
      case "runStep": case "runFrom": return tried(editor, chosen, command, tries);
      case "palette": editor.set({ overlay: { kind: "palette", where: {} } }); return true;
      case "note": return writeAt(editor, middleOf(flow, stage.current));
      case "problems": editor.set({ overlay: editor.state.overlay?.kind === "problems" ? null : { kind: "problems" } }); return true;
      case "help": editor.set({ overlay: { kind: "help" } }); return true;
      case "undo": editor.undo(); return true;
      case "redo": editor.redo(); return true;
      case "delete": return editor.do(removeSelected(document, selection), { select: NOTHING });
      case "duplicate": return paste(copied(editor.shown, selection));
      case "paste": return paste(editor.clip);
      case "selectAll": editor.select(everything(document)); return true;
      case "rename": if (chosen) editor.set({ renaming: chosen }); else if (note) editor.set({ writing: note }); return !!(chosen ?? note);
      case "open": if (chosen) enter(editor); else if (note) editor.set({ writing: note }); return !!(chosen ?? note);
      case "leave": return leave(editor, stage.current);
      case "left": case "right": case "up": case "down": return go(chosen ? neighbour(document, chosen, command) : following(document, undefined, 1));
      case "next": return go(following(document, chosen ?? (note && nodeOf(note)), 1));
      case "previous": return go(following(document, chosen ?? (note && nodeOf(note)), -1));
      case "nudgeLeft": return nudge(-GRID, 0);
      case "nudgeRight": return nudge(GRID, 0);
      case "nudgeUp": return nudge(0, -GRID);
      case "nudgeDown": return nudge(0, GRID);
      case "fit": fit(); return true;
      case "zoomIn": void flow.zoomIn({ duration: 150 }); return true;
      case "zoomOut": void flow.zoomOut({ duration: 150 }); return true;
      case "tidy": editor.do(tidyUp(document, editor.state.sizes, editor.state.types)); setTimeout(fit, 60); return true;
      default: return false;
    }
  }, [editor, flow, fit, stage, tries]);
}

/** The middle of what is seen. @param {ReturnType<typeof useReactFlow>} flow @param {HTMLElement | null} stage @returns {[number, number]} */
function middleOf(flow, stage) {
  const box = stage?.getBoundingClientRect();
  const { x, y } = flow.screenToFlowPosition({ x: (box?.left ?? 0) + (box?.width ?? 0) / 2, y: (box?.top ?? 0) + (box?.height ?? 0) / 2 });
  return [x, y];
}

/** A new note, ready to be written in. @param {Editor} editor @param {[number, number]} middle */
function writeAt(editor, middle) {
  const { edits, id } = addNote(editor.document, middle, editor.state.sizes);
  const done = editor.do(edits, { select: onlyNote(id) });
  if (done) editor.set({ writing: id, overlay: null });
  return done;
}

/** Opens the form of a run; with the form open already, sends it. @param {Editor} editor */
function runs(editor) {
  const form = window.document.querySelector("form.gc-run-form");
  if (form instanceof HTMLFormElement) form.requestSubmit();
  else editor.set({ overlay: { kind: "run", form: !isGoing(editor.state.run) } });
}

/** Tries the chosen step; what comes of it, or why not, stands in its panel. @param {Editor} editor @param {string | undefined} step @param {"runStep" | "runFrom"} command @param {import("./core/editor.js").Tries} tries */
function tried(editor, step, command, tries) {
  if (!step || isGoing(editor.state.run)) return false;
  editor.set({ panel: true, overlay: null, tab: "run" });
  const { at, run } = editor.state;
  if (command === "runFrom") tries.runFrom(step);
  else tries.runStep(step, at && run ? { run: run.id, path: at } : null, false);
  return true;
}

/** Opens the panel and goes to its first field. @param {Editor} editor */
function enter(editor) {
  editor.set({ panel: true, overlay: null });
  setTimeout(() => {
    /** @type {HTMLElement | null} */ (window.document.querySelector(".gc-panel__body :is(input, select, textarea, button, [contenteditable])"))?.focus();
  });
}

/** Escape closes what is open, then selects nothing. @param {Editor} editor @param {HTMLElement | null} stage */
function leave(editor, stage) {
  stage?.focus({ preventScroll: true });
  if (editor.state.overlay) editor.set({ overlay: null });
  else if (!isNothing(editor.state.selection)) editor.select(NOTHING);
  else return false;
  return true;
}

/** A click anywhere on the drawing gives it the keyboard, except in its own fields and buttons. @param {import("react").PointerEvent} event @param {HTMLElement | null} stage */
function focusStage(event, stage) {
  if (event.target instanceof Element && !event.target.closest("input, button, textarea, .gc-palette, .gc-drawer")) stage?.focus(UNSEEN);
}

/** Tells people who do not see the canvas which step they are on. */
function Announcer() {
  const says = usePart((state) => {
    const id = state.selection.steps.at(-1);
    const note = state.selection.notes.at(-1);
    if (!id) return note ? called(state.sync.document.words.notes[note] ?? "") : "";
    const step = state.sync.document.meaning.steps[id];
    const label = state.types.get(step?.type ?? "")?.label ?? "";
    const count = state.check?.problems.filter((problem) => problem.step === id).length ?? 0;
    return `${state.sync.document.words.steps[id]?.title || label || id}, ${label}${count ? `, ${count} ${count === 1 ? "problem" : "problems"}` : ""}${state.run?.steps[id] ? `, ${state.run.steps[id].status}` : ""}`;
  });
  return <div className="gl-hidden" aria-live="polite">{says}</div>;
}
