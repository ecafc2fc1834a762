// The bar above the canvas: what this workflow is called, whether it is saved, what is wrong, and Run.
import { useEffect, useRef } from "react";
import { isGoing, statusWord } from "../core/run.js";
import { Icon, IconButton } from "./icons.jsx";
import { alike, useEditor, usePart } from "./useEditor.js";

/** @param {{ does: (command: import("../core/keyboard.js").Command) => void, onStop: () => void, children?: import("react").ReactNode }} props */
export function Toolbar({ does, onStop, children }) {
  const editor = useEditor();
  const canUndo = usePart((state) => state.history.past.length > 0);
  const canRedo = usePart((state) => state.history.future.length > 0);
  const count = usePart((state) => counted(state.check?.problems ?? []), alike);
  const going = usePart((state) => isGoing(state.run));
  return (
    <header className="gc-bar">
      <WorkflowTitle />
      <SaveMark />
      <span className="gl-grow" />
      <div className="gc-bar__tools">
        <IconButton icon="undo" label="Undo" keys="Ctrl Z" disabled={!canUndo} onClick={() => does("undo")} />
        <IconButton icon="redo" label="Redo" keys="Ctrl Shift Z" disabled={!canRedo} onClick={() => does("redo")} />
        <IconButton icon="keyboard" label="Keyboard shortcuts" keys="?" onClick={() => does("help")} />
      </div>
      <button type="button" className={`gl-button gl-button--small gl-button--quiet gc-problems-button gl-status gl-tone--${count.errors ? "red" : count.all ? "amber" : "green"}`}
        aria-label={count.all ? `${count.all} ${count.all === 1 ? "problem" : "problems"}` : "No problems"} onClick={() => does("problems")}>
        <Icon name={count.all ? "circle-alert" : "circle-check"} />
        <span className="gc-wide">{count.all ? `${count.all} ${count.all === 1 ? "problem" : "problems"}` : "No problems"}</span>
        {count.all > 0 && <span className="gc-narrow">{count.all}</span>}
      </button>
      <RunMark />
      {children}
      {going ? (
        <button type="button" className="gl-button gl-button--small gl-button--danger" onClick={onStop}><Icon name="square" />Stop</button>
      ) : (
        <button type="button" className="gl-button gl-button--small gl-button--primary" title="Run (Ctrl Enter)" onClick={() => editor.set({ overlay: { kind: "run", form: true } })}><Icon name="play" />Run</button>
      )}
    </header>
  );
}

/** @param {import("../core/document.js").Problem[]} problems */
const counted = (problems) => ({ all: problems.length, errors: problems.filter((problem) => problem.severity !== "warning").length });

function WorkflowTitle() {
  const editor = useEditor();
  const title = usePart((state) => state.sync.document.words.title || state.sync.document.name);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    if (input.current && window.document.activeElement !== input.current) input.current.value = title;
  }, [title]);
  return (
    <input ref={input} className="gc-title" defaultValue={title} maxLength={200} aria-label="Name of the workflow" spellCheck={false}
      onKeyDown={(event) => (event.key === "Enter" || event.key === "Escape") && event.currentTarget.blur()}
      onBlur={(event) => {
        const next = event.currentTarget.value.trim();
        if (!next) event.currentTarget.value = title;
        else if (next !== title) editor.do([{ edit: "rename", title: next }]);
      }} />
  );
}

/** How the last run went; a click shows its result. */
function RunMark() {
  const editor = useEditor();
  const status = usePart((state) => (state.overlay?.kind === "run" && !state.overlay.form ? undefined : state.run?.status));
  if (!status) return null;
  return (
    <button type="button" className={`gl-button gl-button--small gl-button--quiet gl-status gl-status--${status} gc-run-mark`} title="Show the last run" aria-label={`Last run: ${statusWord(status)}`}
      onClick={() => editor.set({ overlay: { kind: "run", form: false } })}>
      <span className="gl-dot" /><span className="gc-wide">{statusWord(status)}</span>
    </button>
  );
}

function SaveMark() {
  const pending = usePart((state) => state.sync.pending.length > 0);
  const offline = usePart((state) => state.offline);
  const [icon, says] = offline ? ["cloud-off", "Offline – your edits are kept"] : pending ? ["loader", "Saving…"] : ["cloud", "Saved"];
  return (
    <span className={`gc-saved ${offline ? "gl-status gl-tone--amber gc-saved--offline" : ""}`} role="status" title={says}>
      <Icon name={icon} size={14} className={pending && !offline ? "gc-turning" : ""} />
      <span className="gc-wide">{says}</span>
    </span>
  );
}

/** Zoom, fit, tidy: at the lower left, where maps have them. @param {{ does: (command: import("../core/keyboard.js").Command) => void }} props */
export function ViewTools({ does }) {
  return (
    <div className="gc-view-tools" role="toolbar" aria-label="View">
      <IconButton icon="zoom-in" label="Closer" keys="+" onClick={() => does("zoomIn")} />
      <IconButton icon="zoom-out" label="Further away" keys="-" onClick={() => does("zoomOut")} />
      <IconButton icon="maximize" label="Show everything" keys="1" onClick={() => does("fit")} />
      <IconButton icon="wand" label="Tidy up" keys="T" onClick={() => does("tidy")} />
    </div>
  );
}
