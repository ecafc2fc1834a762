// Knowledge bases a step searches, picked from those this person may read; one that is gone stays until it is removed.
import { Icon } from "../view/icons.jsx";
import { usePart } from "../view/useEditor.js";

/** @param {{ id: string, value: any, invalid: boolean, most: number | null, onChange: (names: string[]) => void }} props */
export function Bases({ id, value, invalid, most, onChange }) {
  const bases = usePart((state) => state.bases);
  const chosen = /** @type {string[]} */ (Array.isArray(value) ? value : []);
  const known = new Map(bases.map((each) => [each.value, each]));
  const left = bases.filter((each) => !chosen.includes(each.value));
  const full = most !== null && chosen.length >= most;
  return (
    <div className="gc-people">
      {chosen.length > 0 && <ul className="gc-people__chosen">
        {chosen.map((name) => {
          const found = known.get(name);
          return (
            <li key={name} className={found ? "gc-person" : "gc-person gc-person--gone"} title={found ? found.label : "No knowledge base you may read has this name."}>
              <Icon name={found ? "library" : "circle-alert"} size={14} />
              <span className="gl-clip">{found?.label ?? name}</span>
              <button type="button" aria-label={`Remove ${found?.label ?? name}`} title="Remove" onClick={() => onChange(chosen.filter((each) => each !== name))}><Icon name="x" size={14} /></button>
            </li>
          );
        })}
      </ul>}
      {!full && left.length > 0 && (
        <select id={id} className="gl-select" aria-invalid={invalid || undefined} value="" onChange={(event) => event.target.value && onChange([...chosen, event.target.value])}>
          <option value="">{chosen.length ? "Add another…" : "Choose a knowledge base…"}</option>
          {left.map((each) => <option key={each.value} value={each.value}>{each.label}</option>)}
        </select>
      )}
      {!bases.length && <span className="gl-help">There is none you may read yet. Make one under Knowledge, in the menu.</span>}
    </div>
  );
}
