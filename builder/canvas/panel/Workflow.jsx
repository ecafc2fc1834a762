// The workflow itself: what it is for, its variables, the limits of a run, what runs when one fails.
import { useState } from "react";
import { freshId, slug } from "../core/document.js";
import { startOf } from "../core/graph.js";
import { Icon, IconButton } from "../view/icons.jsx";
import { useEditor, usePart } from "../view/useEditor.js";
import { OnError } from "./OnError.jsx";
import { ValueEditor } from "./ValueEditor.jsx";

const KINDS = ["any", "text", "number", "yes/no", "date", "list", "object"];
/** @type {["time_limit_s" | "step_limit" | "token_limit" | "cost_limit", string][]} */
const LIMITS = [["time_limit_s", "Seconds"], ["step_limit", "Steps"], ["token_limit", "Tokens"], ["cost_limit", "Cost in US dollars"]];

export function Workflow() {
  const editor = useEditor();
  const document = usePart((state) => state.sync.document);
  const { run } = document.meaning;
  const chat = document.meaning.steps[startOf(document) ?? ""]?.settings.kind === "chat";
  const origin = usePart((state) => state.origin);
  return (
    <section className="gc-panel" aria-label="The workflow">
      <header className="gc-panel__head"><span className="gc-step__icon gc-kind--none"><Icon name="settings" size={18} /></span><h2 className="gl-grow">This workflow</h2><IconButton icon="x" label="Close" onClick={() => editor.set({ overlay: null })} /></header>
      <div className="gc-panel__body gl-fields">
        {origin && <Origin {...origin} />}
        <label className="gl-field"><span className="gl-label">What it is for</span>
          <textarea className="gl-input" value={document.words.description} maxLength={10000} onChange={(event) => editor.do([{ edit: "describe", text: event.target.value }], { gesture: "describe" })} /></label>
        <Variables of="variables" title="Variables of a run" help="Values that steps can change while a run goes on, with “Set value”." />
        <Variables of="conversation" title="Variables of a conversation" help={chat ? "They keep their values from message to message." : "They keep their values from message to message. Only of use in a chat: the start of this workflow asks by a form."} />
        <details className="gc-more"><summary><Icon name="chevron-right" size={14} />Limits of one run</summary>
          <div className="gl-fields gl-fields--two">{LIMITS.map(([name, label]) => <label key={name} className="gl-field"><span className="gl-label">{label}</span>
            <input className="gl-input" type="number" min="0" step="any" placeholder="The platform’s" value={run[name] ?? ""} onChange={(event) => editor.do([{ edit: "limit", run: { ...run, [name]: event.target.valueAsNumber > 0 ? event.target.valueAsNumber : null } }], { gesture: `limit ${name}` })} /></label>)}</div>
        </details>
        <OnError />
      </div>
    </section>
  );
}

/** @param {{ name: string, title: string, renewed: boolean }} props */
function Origin({ name, title, renewed }) {
  return (
    <p className={`gl-notice gl-status gl-tone--${renewed ? "blue" : "grey"}`}>
      <Icon name="copy" />
      <span>Started from the template <a href={`/library/${encodeURIComponent(name)}`}>{title}</a>. {renewed && "It has a newer release; this draft stays as it is."}</span>
    </p>
  );
}

/** @param {{ of: "variables" | "conversation", title: string, help: string }} props */
function Variables({ of, title, help }) {
  const editor = useEditor();
  const declared = usePart((state) => state.sync.document.meaning[of]);
  const names = Object.keys(declared);
  return (
    <div className="gl-field" role="group" aria-label={title}>
      <span className="gl-label">{title}</span><span className="gl-help">{help}</span>
      <div className="gc-rows">{Object.entries(declared).map(([name, variable]) => <Variable key={name} of={of} name={name} variable={variable} names={names} />)}
        <button type="button" className="gl-button gl-button--small gl-button--quiet gc-add" onClick={() => editor.do([{ edit: "declare", of, name: freshId(names, "variable"), variable: { kind: "text", start: "" } }])}><Icon name="plus" />Add a variable</button></div>
    </div>
  );
}

/** @param {{ of: "variables" | "conversation", name: string, variable: import("../core/document.js").Variable, names: string[] }} props */
function Variable({ of, name, variable, names }) {
  const editor = useEditor();
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const rename = () => {
    const next = slug(typed ?? "");
    setTyped(null);
    if (next && next !== name && !names.includes(next)) editor.do([{ edit: "declare", of, name, variable: null }, { edit: "declare", of, name: next, variable }]);
  };
  const put = (/** @type {Partial<import("../core/document.js").Variable>} */ change) => editor.do([{ edit: "declare", of, name, variable: { ...variable, ...change } }], { gesture: `${of} ${name}` });
  return (
    <div className="gc-row">
      <div className="gc-row__head">
        <input className="gl-input gl-input--small gl-input--mono gl-grow" value={typed ?? name} aria-label="Name of the variable" spellCheck={false} onChange={(event) => setTyped(event.target.value)} onBlur={rename} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />
        <select className="gl-select gl-input--small gc-kind-select" aria-label="Kind" value={variable.kind} onChange={(event) => put({ kind: event.target.value })}>{KINDS.map((kind) => <option key={kind}>{kind}</option>)}</select>
        <IconButton icon="trash" label="Remove this variable" onClick={() => editor.do([{ edit: "declare", of, name, variable: null }])} />
      </div>
      <label className="gl-field"><span className="gl-label">Starts with</span><ValueEditor value={variable.start} label="Start value" dynamic={false} onChange={(start) => put({ start })} /></label>
    </div>
  );
}
