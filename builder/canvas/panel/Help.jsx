// What a step type is for: its docstring, what it hands on, examples.
import { Shown } from "../view/Value.jsx";

/** @typedef {import("../core/document.js").OutputSpec} OutputSpec */

/** @type {Record<string, string>} */
const EFFECTS = { spend: "costs money", network: "sends data out", read: "looks something up in knowledge bases", write: "changes something elsewhere", compute: "runs code that a person wrote, in a sandbox", wait: "may wait for a time or a person" };

/** @param {{ type: import("../core/document.js").NodeType | undefined }} props */
export function Help({ type }) {
  if (!type) return <p className="gl-muted">Nothing is known about this step type.</p>;
  return (
    <div className="gl-stack gl-loose">
      <div className="gl-prose gl-small"><p className="gl-strong">{type.summary}</p>{type.help && <p>{type.help}</p>}</div>
      {type.effects.length > 0 && <p className="gl-small gl-muted">This step {type.effects.map((effect) => EFFECTS[effect] ?? effect).join(", ")}.</p>}
      {type.outputs.length > 0 && <div className="gc-result"><h3 className="gl-eyebrow">Later steps can use</h3><ul className="gc-outputs">{type.outputs.map((output) => <li key={output.name}><code>{output.name}</code><span className="gc-kind">{output.kind}</span><span className="gl-help">{output.description}</span></li>)}</ul></div>}
      {type.examples.map((example) => (
        <details key={example.title} className="gc-more">
          <summary>Example: {example.title}</summary>
          <div className="gl-stack gl-tight">
            <h3 className="gl-eyebrow">Settings</h3><pre className="gl-code">{JSON.stringify(example.settings, null, 2)}</pre>
            {example.fails ? <h3 className="gl-eyebrow">Fails</h3> : <><h3 className="gl-eyebrow">Hands on{example.exit !== "done" && `, leaves by “${example.exit}”`}</h3><Shown value={example.output} /></>}
          </div>
        </details>
      ))}
    </div>
  );
}
