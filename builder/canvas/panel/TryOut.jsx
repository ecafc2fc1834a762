// Trying a step out: alone, from here on, pinned; what cannot be is said with what to do next.
import { useEffect, useState } from "react";
import { holderOf } from "../core/containers.js";
import { ENDED, isGoing } from "../core/run.js";
import { Icon } from "../view/icons.jsx";
import { alike, useEditor, usePart } from "../view/useEditor.js";
import { nameOf } from "./Items.jsx";

/** @param {{ id: string, tries: import("../core/editor.js").Tries }} props */
export function TryOut({ id, tries }) {
  const run = usePart((state) => state.run);
  const ended = usePart((state) => (state.run && ENDED.has(state.run.status) && !state.run.id.startsWith("refused-") ? state.run.id : ""));
  const inside = usePart((state) => !!holderOf(state.sync.document, id));
  const at = usePart((state) => state.at);
  const path = usePart((state) => state.run?.steps[id]?.path ?? "");
  const pinned = usePart((state) => (state.tried.pins ?? []).includes(id));
  const has = usePart((state) => state.run?.steps[id]?.status === "done" && !state.run.steps[id]?.handled);
  const said = usePart((state) => (state.tried.said?.step === id ? state.tried.said : null), alike);
  const choices = usePart((state) => (state.tried.items?.step === id && state.tried.items.run === ended ? state.tried.items.choices : []), alike);
  const [chosen, setChosen] = useState(/** @type {Choice | null} */ (null));
  useEffect(() => { if (inside && ended) tries.items(id); }, [inside, ended, id]);
  useEffect(() => { setChosen(null); }, [ended, id, at]);
  const item = chosen ?? (at && ended ? { run: ended, path: at, failed: false } : (choices[0] ?? null));
  const going = isGoing(run);
  return (
    <section className="gc-try" aria-label="Try it out">
      <div className="gl-row gl-row--wrap gl-tight">
        <button type="button" className="gl-button gl-button--small" title="Run this step alone (Shift Enter)" disabled={going} onClick={() => tries.runStep(id, item, false)}><Icon name="play" />Run this step</button>
        <button type="button" className="gl-button gl-button--small" title="Run from here on (Ctrl Shift Enter)" disabled={going} onClick={() => tries.runFrom(id)}><Icon name="step-forward" />Run from here</button>
        {pinned
          ? <button type="button" className="gl-button gl-button--small gl-button--quiet" onClick={() => tries.unpin(id)}><Icon name="pin-off" />Unpin</button>
          : has && <button type="button" className="gl-button gl-button--small gl-button--quiet" title="Give this in later runs instead of running the step" onClick={() => tries.pin(id, at || path)}><Icon name="pin" />Pin this output</button>}
      </div>
      {choices.length > 0 && item && <Choices choices={choices} item={item} onChoose={setChosen} />}
      {pinned && <p className="gl-muted gl-small">Pinned: runs with pins take its output from here, for all who edit this draft.</p>}
      {said?.asks && <Asks titles={said.asks} onKeep={tries.keep} onRun={() => tries.runStep(id, item, true)} />}
      {said?.refused && <div className="gl-notice gl-status gl-tone--amber" role="alert"><Icon name="circle-alert" /><div className="gl-grow"><p className="gl-strong">{said.refused.message}</p>{said.refused.hint && <p className="gl-help">{said.refused.hint}</p>}</div></div>}
    </section>
  );
}

/** @typedef {import("../core/editor.js").Choice} Choice */

/** With which item or round the step runs: the last that failed, else the last. @param {{ choices: Choice[], item: Choice, onChoose: (item: Choice) => void }} props */
function Choices({ choices, item, onChoose }) {
  const editor = useEditor();
  const key = (/** @type {Choice} */ each) => `${each.run} ${each.path}`;
  const all = choices.some((each) => key(each) === key(item)) ? choices : [item, ...choices];
  const own = choices[0]?.run ?? item.run;
  const words = (/** @type {Choice} */ each) => `${nameOf(editor, each.path)}${each.failed ? " (failed)" : ""}${each.run === own ? "" : ", of the run before"}`;
  return (
    <label className="gc-try__with gl-small"><span className="gl-muted">With the values of</span>
      <select className="gl-select" value={key(item)} onChange={(event) => onChoose(all.find((each) => key(each) === event.target.value) ?? item)}>
        {all.map((each) => <option key={key(each)} value={key(each)}>{words(each)}</option>)}
      </select>
    </label>
  );
}

/** @param {{ titles: string[], onKeep: () => void, onRun: () => void }} props */
function Asks({ titles, onKeep, onRun }) {
  return (
    <div className="gl-notice gl-status gl-tone--amber" role="alertdialog" aria-label="Run this step?">
      <Icon name="circle-alert" />
      <div className="gl-grow gl-stack gl-tight">
        <p><span className="gl-strong">Trying it is no rehearsal.</span> {titles.map((title) => `“${title}”`).join(", ")} {titles.length === 1 ? "changes" : "change"} something outside, and {titles.length === 1 ? "does" : "do"} so again.</p>
        <div className="gl-row gl-tight"><button type="button" className="gl-button gl-button--small gl-button--primary" autoFocus onClick={onRun}>Run it</button><button type="button" className="gl-button gl-button--small gl-button--quiet" onClick={onKeep}>Cancel</button></div>
      </div>
    </div>
  );
}
