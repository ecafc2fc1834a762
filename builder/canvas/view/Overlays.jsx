// What lies over the canvas: the empty start, all problems, the shortcuts, a conflict, a passing notice.
import { useEffect } from "react";
import { titleOf } from "../core/document.js";
import { SHORTCUTS, keycaps } from "../core/keyboard.js";
import { Icon, IconButton } from "./icons.jsx";
import { Shown } from "./Value.jsx";
import { useEditor, usePart } from "./useEditor.js";

export function EmptyCanvas() {
  const editor = useEditor();
  const empty = usePart(({ sync: { document }, ...state }) => !Object.keys(document.meaning.steps).length && !Object.keys(document.words.notes).length && state.overlay?.kind !== "palette");
  const start = usePart((state) => state.types.get("flow.start"));
  if (!empty) return null;
  const begin = () => {
    if (!start) return editor.set({ overlay: { kind: "palette", where: {} } });
    return editor.add(start, { at: [0, 0] });
  };
  return (
    <div className="gc-empty">
      <div className="gl-empty__icon"><Icon name="route" size={24} /></div>
      <h2>Start here</h2>
      <ol className="gc-empty__steps">
        <li><b>Add a start</b> and say what should be asked before each run.</li>
        <li><b>Add the steps</b> that do the work, one after the other, with the + beside each step.</li>
        <li><b>Run it</b> on something real and look at what each step did.</li>
      </ol>
      <div className="gl-empty__actions">
        <button type="button" className="gl-button gl-button--primary" onClick={begin}><Icon name="play" />Add a start</button>
        <button type="button" className="gl-button" onClick={() => editor.set({ overlay: { kind: "palette", where: {} } })}><Icon name="plus" />Choose a step</button>
      </div>
    </div>
  );
}

export function Problems() {
  const editor = useEditor();
  const problems = usePart((state) => state.check?.problems ?? []);
  const document = usePart((state) => state.sync.document);
  const types = usePart((state) => state.types);
  const close = () => editor.set({ overlay: null });
  return (
    <section className="gc-drawer" aria-label="Problems">
      <header className="gc-drawer__head"><h2>{problems.length ? `${problems.length} ${problems.length === 1 ? "problem" : "problems"}` : "No problems"}</h2><IconButton icon="x" label="Close" onClick={close} /></header>
      {!problems.length && <p className="gl-muted gc-drawer__none">This workflow is ready to run.</p>}
      <ul>
        {problems.map((problem, index) => {
          const step = problem.step ?? null;
          const whole = problem.field?.startsWith("run.") ? "Settings of the workflow" : "";
          const go = step ? () => editor.goTo(step, problem.field) : whole ? () => editor.set({ overlay: { kind: "workflow" } }) : undefined;
          return (
            <li key={index}>
              <button type="button" className="gc-problem" disabled={!go} onClick={go}>
                <span className={`gl-status gl-tone--${problem.severity === "warning" ? "amber" : "red"} gc-problem__icon`}><Icon name={problem.severity === "warning" ? "alert-triangle" : "circle-alert"} /></span>
                <span className="gc-step__words">
                  <span className="gc-problem__sentence">{problem.sentence}</span>
                  {problem.hint && <span className="gl-help">{problem.hint}</span>}
                  {go && <span className="gl-faint gl-small">{step ? titleOf(document, step, types) : whole}</span>}
                </span>
                {go && <Icon name="chevron-right" />}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function Shortcuts() {
  const editor = useEditor();
  const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
  return (
    <Modal title="Keyboard" onClose={() => editor.set({ overlay: null })}>
      <dl className="gc-shortcuts">
        {SHORTCUTS.map((shortcut) => (
          <div key={shortcut.command}>
            <dt>{shortcut.says}</dt>
            <dd>{shortcut.keys.map((key, index) => <span key={key}>{index > 0 && <span className="gl-faint"> or </span>}{keycaps(key, mac).map((cap) => <kbd key={cap}>{cap}</kbd>)}</span>)}</dd>
          </div>
        ))}
        <div><dt>Move around</dt><dd>Drag the background, scroll, or hold Space</dd></div>
        <div><dt>Select several</dt><dd><kbd>Shift</kbd> and drag a frame, or click</dd></div>
      </dl>
    </Modal>
  );
}

/** @typedef {import("../core/sync.js").Conflict} Conflict */

/** What is in question, where its name alone would tell nobody. @type {Record<string, string>} */
const SAID = { failure: "what happens when it fails", inside: "the container", joined: "the connections" };

export function ConflictDialog() {
  const editor = useEditor();
  const conflict = usePart((state) => state.sync.conflicts[0]);
  const document = usePart((state) => state.sync.document);
  const types = usePart((state) => state.types);
  if (!conflict) return null;
  const { step } = conflict;
  const type = step ? types.get(document.meaning.steps[step]?.type ?? "") : undefined;
  const field = type?.fields.find((each) => each.name === conflict.field)?.label ?? conflict.field ?? (conflict.what && (SAID[conflict.what] ?? conflict.what)) ?? "";
  const ofNote = conflict.what === "text";
  const gone = conflict.what === "step" || (ofNote && conflict.theirs === null);
  const who = conflict.who || "Someone else";
  const subject = step ? `“${titleOf(document, step, types)}”` : ofNote ? "this note" : "the workflow";
  return (
    <Modal title={gone ? `${who} removed or changed ${subject}` : ofNote ? `${who} wrote in ${subject}, too` : `${who} changed ${field || "this"} of ${subject}`}>
      <p className="gl-muted">Nothing of yours is lost: choose what stays.</p>
      {!gone && <div className="gc-conflict">
        <div><h3 className="gl-eyebrow">Yours</h3><Shown value={conflict.yours} /></div>
        <div><h3 className="gl-eyebrow">Theirs</h3><Shown value={conflict.theirs} /></div>
      </div>}
      <div className="gc-modal__foot">
        <button type="button" className="gl-button" onClick={() => editor.settle(conflict, "theirs")}>Take theirs</button>
        <button type="button" className="gl-button gl-button--primary" onClick={() => editor.settle(conflict, "mine")}>Keep yours</button>
      </div>
    </Modal>
  );
}

export function Notice() {
  const editor = useEditor();
  const notice = usePart((state) => state.notice);
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(() => editor.set({ notice: "" }), 6000);
    return () => clearTimeout(timer);
  }, [editor, notice]);
  return <div role="status" className="gc-notice">{notice && <div className="gl-toast"><Icon name="circle-alert" /><span className="gl-grow">{notice}</span><IconButton icon="x" label="Close" onClick={() => editor.set({ notice: "" })} /></div>}</div>;
}

/** Without `onClose` the question has to be answered. @param {{ title: string, onClose?: () => void, children: import("react").ReactNode }} props */
export function Modal({ title, onClose, children }) {
  return (
    <dialog className="gl-dialog gc-modal" aria-label={title} ref={(dialog) => { if (dialog && !dialog.open) dialog.showModal(); }}
      onCancel={(event) => { event.preventDefault(); onClose?.(); }} onClick={(event) => event.target === event.currentTarget && onClose?.()}>
      <div className="gl-dialog__head"><h2>{title}</h2>{onClose && <IconButton icon="x" label="Close" onClick={onClose} />}</div>
      <div className="gl-dialog__body">{children}</div>
    </dialog>
  );
}
