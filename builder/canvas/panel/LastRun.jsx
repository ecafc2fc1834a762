// What a step did in the last run: what went in, what came out, what it cost, why it failed.
import { useEffect } from "react";
import { duration, errorOf, secondsOf, statusWord, usageWords, waitsFor } from "../core/run.js";
import { Failure } from "../view/RunPanel.jsx";
import { Copy, Shown } from "../view/Value.jsx";
import { Icon } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";

/** @type {Record<string, string>} */
const WHY = { failed: "the run failed before it", cancelled: "the run was stopped before it" };

/** @param {{ id: string, onInspect: (step: string) => void }} props */
export function LastRun({ id, onInspect }) {
  const run = usePart((state) => state.run);
  const step = run?.steps[id];
  const inspected = usePart((state) => (state.inspected?.step === id && state.inspected?.run === state.run?.id ? state.inspected : null));
  const live = usePart((state) => state.streams[id]?.text ?? "");
  const names = usePart((state) => state.types.get(state.sync.document.meaning.steps[id]?.type ?? "")?.outputs);
  const status = step?.status;
  useEffect(() => {
    if (run?.id && status && status !== "waiting" && status !== "running") onInspect(id);
  }, [run?.id, status, id]);

  if (!run) return <p className="gl-muted">Run the workflow, and what this step did appears here.</p>;
  if (!step || step.status === "waiting") return <div className="gl-stack"><Back /><p className="gl-muted">This step has not been reached in the last run.</p></div>;
  if (step.status === "skipped") return <div className="gl-stack"><Back /><p className="gl-muted">This step was skipped: {WHY[run.status] ?? "the run took another way"}.</p></div>;
  const error = errorOf(inspected?.error ?? step.error);
  const facts = [duration(secondsOf(step, Date.now())), usageWords(inspected?.usage ?? step.usage), (step.attempt ?? 1) > 1 ? `attempt ${step.attempt}` : ""].filter(Boolean).join(" · ");
  return (
    <div className="gl-stack">
      <div className="gl-row"><span className={`gl-badge gl-status--${step.status}`}><span className="gl-dot" />{statusWord(step.status)}</span><span className="gl-muted gl-small gl-grow">{facts}</span><Back /></div>
      {step.status === "asking" && <p>{waitsFor(step, Date.now())}.</p>}
      {error && <Failure error={error} step={null} />}
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
