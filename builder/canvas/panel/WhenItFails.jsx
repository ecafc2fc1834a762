// What becomes of a step that fails: tried again, given a time, then the end, a fallback, or a way out of its own.
import { useState } from "react";
import { canFail, failing, failureWords, handled, offers, replaceable } from "../core/failing.js";
import { NO_WORDS } from "../core/document.js";
import { words } from "../core/form.js";
import { Icon } from "../view/icons.jsx";
import { alike, useEditor, usePart } from "../view/useEditor.js";
import { ValueEditor } from "./ValueEditor.jsx";

/** @type {["stop" | "fallback" | "exit", string, string][]} */
const THEN = [
  ["stop", "Stop", "The run ends as failed; inside a container the item or the round does."],
  ["fallback", "Use a fallback", "The step hands on what you write here, and the run goes on."],
  ["exit", "Go another way", "The step leaves by a way out of its own, “Failed”: connect it to what should happen then."],
];

/** @param {{ id: string }} props */
export function WhenItFails({ id }) {
  const editor = useEditor();
  const step = usePart((state) => state.sync.document.meaning.steps[id]);
  const type = usePart((state) => state.types.get(step?.type ?? ""));
  const outputs = usePart((state) => replaceable(state.check?.outputs[id] ?? type?.outputs ?? []), alike);
  const labels = usePart((state) => (state.sync.document.words.steps[id] ?? NO_WORDS).labels);
  if (!step || !canFail(step.type)) return null;
  const on = failing(editor.document, id);
  const said = failureWords(on);
  const can = offers(type);
  const put = (/** @type {import("../core/document.js").OnFailure} */ change) => editor.do(handled(editor.document, id, change, type), { gesture: `fails ${id} ${Object.keys(change).join()}` });
  return (
    <details className="gc-more gc-fails" open={said ? true : undefined}>
      <summary><Icon name="chevron-right" size={14} />When it fails<span className="gl-faint gl-clip">{said}</span></summary>
      <div className="gl-fields">
        {can.retries && (
          <div className="gl-fields gl-fields--two">
            <Amount label="Tries again" value={on.retries} min={0} max={10} whole onChange={(retries) => put({ retries: retries ?? 0 })} />
            {on.retries > 0 && <Amount label="Seconds before that" value={on.wait_s} min={0} max={300} onChange={(wait_s) => put({ wait_s: wait_s ?? 1 })} />}
            {on.retries > 1 && <Amount label="Each wait longer, times" value={on.factor} min={1} max={10} onChange={(factor) => put({ factor: factor ?? 1 })} />}
            {can.timeout && <Amount label="Seconds for one try" value={on.timeout_s} min={0} max={3600} empty="No limit" onChange={(timeout_s) => put({ timeout_s })} />}
          </div>
        )}
        <div className="gl-field" role="group" aria-label="And then">
          <span className="gl-label">{on.retries ? "And if all tries fail" : "Then"}</span>
          <div className="gl-choice" role="radiogroup">{THEN.map(([value, label]) => <button key={value} type="button" role="radio" aria-checked={on.then === value} onClick={() => put({ then: value })}>{label}</button>)}</div>
          <span className="gl-help">{THEN.find(([value]) => value === on.then)?.[2]}</span>
        </div>
        {on.then === "fallback" && outputs.map((name) => (
          <label key={name} className="gl-field"><span className="gl-label">{labels[name]?.label || words(name)}</span>
            <ValueEditor value={on.fallback[name] ?? null} label={`Fallback for ${name}`} dynamic={false} onChange={(value) => put({ fallback: { ...on.fallback, [name]: value } })} /></label>
        ))}
        {on.then !== "stop" && <span className="gl-help">Later steps may read why it failed: “error_message” and “error_code”.</span>}
      </div>
    </details>
  );
}

/** A number within bounds; what is typed is kept until it is one. @param {{ label: string, value: number | null, min: number, max: number, whole?: boolean, empty?: string, onChange: (value: number | null) => void }} props */
function Amount({ label, value, min, max, whole = false, empty, onChange }) {
  const [typed, setTyped] = useState(/** @type {string | null} */ (null));
  const put = (/** @type {string} */ text) => {
    setTyped(text);
    const number = Number(text.replace(",", "."));
    if (!text.trim()) onChange(null);
    else if (Number.isFinite(number) && (number > 0 || min === 0) && !(empty && number <= 0)) onChange(Math.min(max, Math.max(min, whole ? Math.round(number) : number)));
  };
  return (
    <label className="gl-field"><span className="gl-label">{label}</span>
      <input className="gl-input" inputMode="decimal" placeholder={empty} value={typed ?? value ?? ""} onBlur={() => setTyped(null)} onChange={(event) => put(event.target.value)} /></label>
  );
}
