// Groups and people who are asked, picked from those there are; a name nobody has any more stays until it is removed.
import { Icon } from "../view/icons.jsx";
import { usePart } from "../view/useEditor.js";

/** @param {{ id: string, value: any, invalid: boolean, most: number | null, onChange: (names: string[]) => void }} props */
export function People({ id, value, invalid, most, onChange }) {
  const people = usePart((state) => state.people);
  const chosen = /** @type {string[]} */ (Array.isArray(value) ? value : []);
  const known = new Map(people.map((each) => [each.value, each]));
  const left = people.filter((each) => !chosen.includes(each.value));
  const offered = (/** @type {boolean} */ group) => left.filter((each) => each.group === group).map((each) => <option key={each.value} value={each.value}>{each.label}</option>);
  const full = most !== null && chosen.length >= most;
  return (
    <div className="gc-people">
      {chosen.length > 0 && <ul className="gc-people__chosen">
        {chosen.map((name) => {
          const found = known.get(name);
          return (
            <li key={name} className={found ? "gc-person" : "gc-person gc-person--gone"} title={found ? found.label : "No group and no person has this name."}>
              <Icon name={!found ? "circle-alert" : found.group ? "users" : "user"} size={14} />
              <span className="gl-clip">{found?.label ?? name}</span>
              <button type="button" aria-label={`Remove ${name}`} title="Remove" onClick={() => onChange(chosen.filter((each) => each !== name))}><Icon name="x" size={14} /></button>
            </li>
          );
        })}
      </ul>}
      {!full && (
        <select id={id} className="gl-select" aria-invalid={invalid || undefined} value="" onChange={(event) => event.target.value && onChange([...chosen, event.target.value])}>
          <option value="">{chosen.length ? "Add another…" : "Choose a group or a person…"}</option>
          {left.some((each) => each.group) && <optgroup label="Groups">{offered(true)}</optgroup>}
          {left.some((each) => !each.group) && <optgroup label="People">{offered(false)}</optgroup>}
        </select>
      )}
    </div>
  );
}
