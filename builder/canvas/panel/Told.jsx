// What a step did: why it failed, what it gave and took, what was said to models.
import { errorOf, usageWords } from "../core/run.js";
import { Failure } from "../view/Failure.jsx";
import { Copy, Shown } from "../view/Value.jsx";

/** @param {{ step: import("../core/run.js").StepRun, inspected: any, names?: { name: string }[], live?: string, children?: import("react").ReactNode }} props */
export function Told({ step, inspected, names, live = "", children }) {
  const error = errorOf(inspected?.error ?? step.error);
  const went = step.exit === "error" ? "The run went on by the way out “Failed”." : "The run went on with the fallback.";
  return (
    <>
      {error && <Failure error={error} step={null} handled={step.handled ? went : ""} />}
      {children}
      {step.status === "running" && live && <Part title="So far"><div className="gc-text gc-text--live">{live}</div></Part>}
      {inspected?.output !== undefined && inspected?.output !== null && <Part title="Output" copy={inspected.output}><Shown value={inOrder(inspected.output, names)} /></Part>}
      {inspected?.input !== undefined && inspected?.input !== null && <Part title="Input" copy={inspected.input}><Shown value={inspected.input} /></Part>}
      {inspected?.model_calls?.length > 0 && <Part title="Model calls">{inspected.model_calls.map((/** @type {any} */ call, /** @type {number} */ index) => <details key={index} className="gc-more"><summary>{call.model ?? call.alias ?? `Call ${index + 1}`} <span className="gl-faint">{usageWords(call.usage ?? call)}</span></summary><pre className="gl-code">{JSON.stringify(call, null, 2)}</pre></details>)}</Part>}
      {!inspected && step.status !== "running" && <span className="gl-skeleton" />}
    </>
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
