// What a step did in the last run: what went in, what came out, what it cost, why it failed.
import { useEffect } from "react";
import { holderOf } from "../core/containers.js";
import { duration, errorOf, secondsOf, shownStatus, statusWord, usageWords, waitsFor } from "../core/run.js";
import { only } from "../core/selection.js";
import { Failure } from "../view/RunPanel.jsx";
import { Copy, Shown } from "../view/Value.jsx";
import { Icon } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";
import { Items, nameOf } from "./Items.jsx";

/** @type {Record<string, string>} */
const WHY = { failed: "the run failed before it", cancelled: "the run was stopped before it" };

/** Inside a container it is told of one item: the one that was opened, else the last. @param {{ id: string, reads: import("../core/editor.js").Reads }} props */
export function LastRun({ id, reads }) {
  const editor = useEditor();
  const run = usePart((state) => state.run);
  const at = usePart((state) => state.at);
  const last = run?.steps[id];
  const inspected = usePart((state) => (state.inspected?.step === id && state.inspected?.run === state.run?.id && (!at || state.inspected.path === at) ? state.inspected : null));
  const step = at && last ? { ...last, ...(inspected?.shown ?? { status: "done", error: null, seconds: null, usage: null, handled: false }) } : last;
  const live = usePart((state) => state.streams[id]?.text ?? "");
  const names = usePart((state) => state.types.get(state.sync.document.meaning.steps[id]?.type ?? "")?.outputs);
  const status = step?.status;
  useEffect(() => {
    if (run?.id && status && status !== "waiting" && status !== "running") reads.inspect(id, at);
  }, [run?.id, status, id, at]);

  if (!run) return <p className="gl-muted">Run the workflow, and what this step did appears here.</p>;
  if (!step || step.status === "waiting") return <div className="gl-stack"><Back /><p className="gl-muted">This step has not been reached in the last run.</p></div>;
  if (step.status === "skipped") return <div className="gl-stack"><Back /><p className="gl-muted">This step was skipped: {WHY[run.status] ?? "the run took another way"}.</p></div>;
  const error = errorOf(inspected?.error ?? step.error);
  const facts = [duration(secondsOf(step, Date.now())), usageWords(inspected?.usage ?? step.usage), (step.attempt ?? 1) > 1 ? `attempt ${step.attempt}` : "", (step.tries ?? 1) > 1 ? `${step.tries} tries` : ""].filter(Boolean).join(" · ");
  const place = at || (step.path ?? "");
  const outer = holderOf(editor.document, id);
  const back = () => { // from a step in an item to the item with all its steps
    const around = place.includes("/") ? place.slice(0, place.lastIndexOf("/")) : "";
    editor.select(only(outer));
    editor.set({ at: around, opened: place, tab: "run", panel: true });
    if (run.id) reads.item({ run: run.id, path: place });
  };
  return (
    <div className="gl-stack">
      <div className="gl-row"><span className={`gl-badge gl-status--${shownStatus(step)}`}><span className="gl-dot" />{step.handled ? "Failed, went on" : statusWord(step.status)}</span><span className="gl-muted gl-small gl-grow">{facts}</span><Back /></div>
      {step.status === "asking" && <p>{waitsFor(step, Date.now())}.</p>}
      {place && <p className="gl-muted gl-small">{at ? "" : "The last that came here: "}<button type="button" className="gl-button gl-button--small gl-button--quiet gc-back" onClick={back}><Icon name="arrow-left" />{nameOf(editor, place)}</button></p>}
      {error && <Failure error={error} step={null} handled={step.handled ? (step.exit === "error" ? "The run went on by the way out “Failed”." : "The run went on with the fallback.") : ""} />}
      {last?.items && <Items id={id} around={at || (last.path ?? "")} reads={reads} />}
      {step.status === "running" && live && <Part title="So far"><div className="gc-text gc-text--live">{live}</div></Part>}
      {inspected?.output !== undefined && inspected?.output !== null && <Part title="Output" copy={inspected.output}><Shown value={inOrder(inspected.output, names)} /></Part>}
      {inspected?.input !== undefined && inspected?.input !== null && <Part title="Input" copy={inspected.input}><Shown value={inspected.input} /></Part>}
      {inspected?.model_calls?.length > 0 && <Part title="Model calls">{inspected.model_calls.map((/** @type {any} */ call, /** @type {number} */ index) => <details key={index} className="gc-more"><summary>{call.model ?? call.alias ?? `Call ${index + 1}`} <span className="gl-faint">{usageWords(call.usage ?? call)}</span></summary><pre className="gl-code">{JSON.stringify(call, null, 2)}</pre></details>)}</Part>}
      {!inspected && step.status !== "running" && <span className="gl-skeleton" />}
    </div>
  );
}

/** What a step gave in the order its type tells it: what matters first, figures last. @param {any} output @param {{ name: string }[] | undefined} specs */
function inOrder(output, specs) {
  if (!specs || typeof output !== "object" || Array.isArray(output)) return output;
  const first = specs.filter((spec) => spec.name in output).map((spec) => [spec.name, output[spec.name]]);
  return { ...Object.fromEntries(first), ...output };
}

/** @param {{ title: string, copy?: any, children: import("react").ReactNode }} props */
const Part = ({ title, copy, children }) => <div className="gc-result"><h3 className="gl-eyebrow">{title} {copy !== undefined && <Copy value={copy} />}</h3>{children}</div>;

/** From one step back to the run as a whole. */
function Back() {
  const editor = useEditor();
  return <button type="button" className="gl-button gl-button--small gl-button--quiet gc-back" onClick={() => editor.set({ overlay: { kind: "run", form: false } })}><Icon name="arrow-left" />Whole run</button>;
}
