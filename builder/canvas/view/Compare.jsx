// Two versions on one canvas: what is new, what is gone, what changed, with a list that leads to each; nothing can be edited here.
import { useEffect, useMemo } from "react";
import { ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { Editor } from "../core/editor.js";
import { asWritten, marksOf, merged, wordDiff } from "../core/governing.js";
import { NOTHING, only } from "../core/selection.js";
import { Flow } from "./Flow.jsx";
import { Icon } from "./icons.jsx";
import { EditorContext, useEditor, usePart } from "./useEditor.js";
import { useFit } from "./useView.js";

/** @typedef {import("../core/governing.js").Ranked} Ranked */
const MARKS = { added: "plus", removed: "minus", changed: "pencil" };

/** @typedef {{ title: string, before: any, after: any, changes: Ranked[] }} Compared */

export function Compare() {
  const editor = useEditor();
  const compared = usePart((state) => state.compared);
  if (!compared) return null;
  return <Compared compared={compared} onClose={() => editor.set({ compared: null })} />;
}

/** @param {{ compared: Compared, onClose: () => void }} props */
function Compared({ compared, onClose }) {
  return <Looking title={compared.title} icon="git-compare" compared={compared} onClose={onClose}><Changes changes={compared.changes} /></Looking>;
}

/** A canvas over the canvas, only to look at; Escape closes it. @param {{ title: string, icon: string, compared: Compared, onClose: () => void, actions?: import("react").ReactNode, children?: import("react").ReactNode }} props */
export function Looking({ title, icon, compared, onClose, actions, children }) {
  const types = usePart((state) => state.types);
  const check = useEditor().state.check;
  const viewer = useMemo(() => viewerOf(compared, types, check), [compared, types]);
  useEffect(() => {
    const leave = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      onClose();
    };
    addEventListener("keydown", leave, true);
    return () => removeEventListener("keydown", leave, true);
  }, [onClose]);
  return (
    <EditorContext.Provider value={viewer}>
      <ReactFlowProvider>
        <section className="gc-compare" aria-label={title}>
          <header className="gc-bar"><Icon name={icon} /><h2 className="gl-grow gl-clip">{title}</h2>
            <span className="gc-wide gl-faint gl-small">Only to look at</span>{actions}
            <button type="button" className="gl-button gl-button--small" autoFocus onClick={onClose}><Icon name="x" />Close</button></header>
          <div className="gc-main">
            <div className="gc-stage"><Flow onPane={() => viewer.set({ selection: NOTHING })} /></div>
            <Fitted />
            {children}
          </div>
        </section>
      </ReactFlowProvider>
    </EditorContext.Provider>
  );
}

/** Shows everything once the cards are measured. */
function Fitted() {
  const fit = useFit();
  useEffect(() => {
    const timer = setTimeout(fit, 80);
    return () => clearTimeout(timer);
  }, [fit]);
  return null;
}

/** An editor that shows and does not change. @param {Compared} compared @param {Map<string, import("../core/document.js").NodeType>} types @param {import("../core/document.js").Check | null} check */
function viewerOf(compared, types, check) {
  const viewer = new Editor({ client: "viewer", now: () => 0, later: () => () => undefined, edits: () => undefined, resync: () => undefined });
  viewer.opened({ document: merged(compared.before, compared.after), revision: 0, nonce: 1 }, true);
  viewer.set({ types, check: check && { ...check, problems: [] }, readonly: true, marks: marksOf(compared.before, compared.after, compared.changes) });
  return viewer;
}

/** @param {{ changes: Ranked[] }} props */
function Changes({ changes }) {
  const material = changes.filter((each) => each.material);
  const rest = changes.filter((each) => !each.material);
  return (
    <aside className="gc-panel" aria-label="Changes">
      <div className="gc-panel__body gl-stack">
        {!changes.length && <p className="gl-muted">Nothing changed.</p>}
        {material.length > 0 && <h3 className="gl-eyebrow">What runs differently</h3>}
        <ol className="gc-changes">{material.map((each, index) => <ChangeItem key={index} ranked={each} />)}</ol>
        {rest.length > 0 && <details className="gc-more" open={!material.length || undefined}><summary><Icon name="chevron-right" size={14} />{rest.length} {rest.length === 1 ? "change" : "changes"} of words and layout</summary><ol className="gc-changes">{rest.map((each, index) => <ChangeItem key={index} ranked={each} />)}</ol></details>}
      </div>
    </aside>
  );
}

/** @param {{ ranked: Ranked }} props */
function ChangeItem({ ranked }) {
  const viewer = useEditor();
  const flow = useReactFlow();
  const { change } = ranked;
  const step = change?.step ?? null;
  const kind = change?.kind ?? "changed";
  const go = () => {
    const node = step ? flow.getInternalNode(step)?.internals.positionAbsolute : undefined;
    if (!node || !step) return;
    viewer.select(only(step));
    void flow.setCenter(node.x + 120, node.y + 40, { zoom: Math.max(flow.getZoom(), 0.7), duration: 200 });
  };
  const texts = change && change.part !== "step" && change.part !== "edge" && (typeof change.before === "string" || typeof change.after === "string");
  return (
    <li className={`gc-change gc-change--${kind}`}>
      <button type="button" className="gc-change__head" disabled={!step} onClick={go}>
        <span className="gc-change__mark"><Icon name={MARKS[kind]} size={12} /></span>
        <span className="gc-step__words"><span className="gl-eyebrow">{ranked.reason}</span><span>{texts && change.kind === "changed" ? change.place : ranked.sentence}</span></span>
      </button>
      {texts && change.kind === "changed" && <Words before={asWritten(change.before)} after={asWritten(change.after)} />}
    </li>
  );
}

/** @param {{ before: string, after: string }} props */
function Words({ before, after }) {
  const pieces = useMemo(() => wordDiff(before, after), [before, after]);
  return (
    <p className="gc-words">{pieces.map((piece, index) => (piece.kind === "same" ? <span key={index}>{piece.text}</span> : piece.kind === "added" ? <ins key={index}>{piece.text}</ins> : <del key={index}>{piece.text}</del>))}</p>
  );
}
