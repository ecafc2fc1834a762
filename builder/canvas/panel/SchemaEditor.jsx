// What a model must fill in: a list of named answers, or the JSON Schema itself.
import { useState } from "react";
import { moved } from "../core/fields.js";
import { slug } from "../core/document.js";
import { answersOf, newAnswer, schemaOf } from "../core/schema.js";
import { Icon, IconButton } from "../view/icons.jsx";
import { JsonEditor } from "./JsonEditor.jsx";

/** @typedef {import("../core/schema.js").Answer} Answer */

const KINDS = [["text", "Text"], ["number", "Number"], ["yes_no", "Yes or no"], ["choice", "Choice"], ["list", "List"], ["object", "Group"]];

/** @param {{ value: any, onChange: (value: any) => void }} props */
export function SchemaEditor({ value, onChange }) {
  const answers = answersOf(value);
  const [raw, setRaw] = useState(false);
  const asJson = raw || answers === null;
  const [draft, setDraft] = useState(/** @type {Answer[] | null} */ (null));
  const shown = draft && same(schemaOf(draft), value) ? draft : (answers ?? []);
  const change = (/** @type {Answer[]} */ next) => {
    setDraft(next);
    onChange(next.length ? schemaOf(next) : null);
  };
  return (
    <div className="gc-schema">
      {asJson ? <JsonEditor value={value} onChange={onChange} /> : <Answers answers={draft && !draft.some((each) => each.name) ? draft : shown} onChange={change} />}
      <button type="button" className="gl-button gl-button--small gl-button--quiet gc-raw" disabled={answers === null} onClick={() => setRaw(!raw)}>
        <Icon name={asJson ? "list-tree" : "braces"} />{asJson ? (answers === null ? "Too detailed for the list" : "Edit as a list") : "Edit as JSON Schema"}
      </button>
    </div>
  );
}

/** @param {any} a @param {any} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {{ answers: Answer[], onChange: (answers: Answer[]) => void, depth?: number }} props */
function Answers({ answers, onChange, depth = 0 }) {
  const put = (/** @type {number} */ index, /** @type {Partial<Answer>} */ change) => onChange(answers.map((each, at) => (at === index ? { ...each, ...change } : each)));
  return (
    <div className="gc-rows">
      {answers.map((answer, index) => (
        <div key={index} className="gc-row">
          <div className="gc-row__head">
            <input className="gl-input gl-input--small gl-input--mono gl-grow" value={answer.name} placeholder="name" aria-label="Name of the answer" spellCheck={false} autoFocus={!answer.name && index === answers.length - 1}
              onChange={(event) => put(index, { name: unique(slug(event.target.value) + (/[_ ]$/.test(event.target.value) ? "_" : ""), answers, index) })} />
            <select className="gl-select gl-input--small gc-kind-select" value={answer.kind} aria-label="Kind" onChange={(event) => put(index, { kind: /** @type {Answer["kind"]} */ (event.target.value), ...(event.target.value === "choice" && !answer.options.length ? { options: ["yes", "no"] } : {}) })}>
              {KINDS.map(([kind, label]) => <option key={kind} value={kind}>{label}</option>)}
            </select>
            <IconButton icon="arrow-up" label="Move up" disabled={index === 0} onClick={() => onChange(moved(answers, index, index - 1))} />
            <IconButton icon="trash" label="Remove this answer" onClick={() => onChange(answers.filter((_, at) => at !== index))} />
          </div>
          <input className="gl-input gl-input--small" value={answer.description} placeholder="What the model should put here" aria-label="Description" onChange={(event) => put(index, { description: event.target.value })} />
          {answer.kind === "choice" && <textarea className="gl-input gl-input--small" aria-label="Options" placeholder="One option per line" defaultValue={answer.options.join("\n")} onChange={(event) => put(index, { options: [...new Set(event.target.value.split("\n").map((line) => line.trim()).filter(Boolean))] })} />}
          {(answer.kind === "object" || answer.kind === "list") && depth < 3 && <div className="gc-nested">{answer.kind === "list" && !answer.fields.length && <p className="gl-help">A list of texts. Add answers below to make it a list of groups.</p>}<Answers answers={answer.fields} depth={depth + 1} onChange={(fields) => put(index, { fields })} /></div>}
          <label className="gc-inline"><input type="checkbox" className="gl-check" checked={answer.required} onChange={(event) => put(index, { required: event.target.checked })} /> Required</label>
        </div>
      ))}
      <button type="button" className="gl-button gl-button--small gl-button--quiet gc-add" onClick={() => onChange([...answers, newAnswer()])}><Icon name="plus" />Add an answer</button>
    </div>
  );
}

/** @param {string} name @param {Answer[]} answers @param {number} index */
function unique(name, answers, index) {
  const taken = answers.filter((_, at) => at !== index).map((answer) => answer.name);
  return name && taken.includes(name) ? `${name}_` : name;
}
