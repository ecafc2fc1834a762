// What runs when a run fails: another workflow in a version of it, which is told what failed.
import { useId } from "react";
import { Icon } from "../view/icons.jsx";
import { alike, useEditor, usePart } from "../view/useEditor.js";
import { WorkflowSelect } from "./Field.jsx";

/** What an error workflow is told, as far as its Start step declares it; the server's ERROR_INPUTS. */
export const TOLD = ["workflow", "run", "step", "message", "code", "started_at", "person"];
export const ERROR_WORKFLOW = "run.error_workflow";

export function OnError() {
  const editor = useEditor();
  const id = useId();
  const run = usePart((state) => state.sync.document.meaning.run);
  const problems = usePart((state) => (state.check?.problems ?? []).filter((problem) => problem.field === ERROR_WORKFLOW), alike);
  const chosen = run.error_workflow ?? null;
  const put = (/** @type {{ name: string, content: string } | null} */ error_workflow) => editor.do([{ edit: "limit", run: { ...run, error_workflow } }]);
  return (
    <details className="gc-more" open={chosen || problems.length ? true : undefined}>
      <summary><Icon name="chevron-right" size={14} />When a run fails<span className="gl-faint gl-clip">{chosen ? "" : "nothing runs"}</span></summary>
      <div className="gl-field">
        <label className="gl-label" htmlFor={id}>Run this workflow</label>
        <WorkflowSelect id={id} value={chosen} invalid={problems.length > 0} onChange={put} />
        {problems.map((problem, index) => <span key={index} className="gl-error"><Icon name="circle-alert" size={14} /><span>{problem.sentence} {problem.hint}</span></span>)}
        {chosen && <button type="button" className="gl-button gl-button--small gl-button--quiet gc-add" onClick={() => put(null)}><Icon name="x" />Run nothing instead</button>}
        <span className="gl-help">It runs by itself after the one that failed, and is told of these what its Start step asks for: {TOLD.slice(0, -1).join(", ")} and {TOLD.at(-1)}. What is tried out on the canvas does not start it.</span>
      </div>
    </details>
  );
}
