// Several picked from those there are; what is not there any more stays until it is removed.
import { Icon } from "../view/icons.jsx";

/** @typedef {{ id: string, value: any, invalid: boolean, most: number | null, onChange: (names: string[]) => void }} Picked */

/**
 * @template {{ value: string, label: string }} One
 * @param {Picked & { known: One[], icon: (one: One) => string, gone: string, first: string, options: (left: One[]) => import("react").ReactNode, children?: import("react").ReactNode }} props
 */
export function Several({ id, value, invalid, most, onChange, known, icon, gone, first, options, children }) {
  const chosen = /** @type {string[]} */ (Array.isArray(value) ? value : []);
  const named = new Map(known.map((each) => [each.value, each]));
  const left = known.filter((each) => !chosen.includes(each.value));
  const full = most !== null && chosen.length >= most;
  return (
    <div className="gc-people">
      {chosen.length > 0 && <ul className="gc-people__chosen">
        {chosen.map((name) => {
          const found = named.get(name);
          const label = found?.label ?? name;
          return (
            <li key={name} className={found ? "gc-person" : "gc-person gc-person--gone"} title={found ? label : gone}>
              <Icon name={found ? icon(found) : "circle-alert"} size={14} />
              <span className="gl-clip">{label}</span>
              <button type="button" aria-label={`Remove ${label}`} title="Remove" onClick={() => onChange(chosen.filter((each) => each !== name))}><Icon name="x" size={14} /></button>
            </li>
          );
        })}
      </ul>}
      {!full && left.length > 0 && (
        <select id={id} className="gl-select" aria-invalid={invalid || undefined} value="" onChange={(event) => event.target.value && onChange([...chosen, event.target.value])}>
          <option value="">{chosen.length ? "Add another…" : first}</option>
          {options(left)}
        </select>
      )}
      {children}
    </div>
  );
}

/** @param {{ value: string, label: string }[]} all */
export const optionsOf = (all) => all.map((each) => <option key={each.value} value={each.value}>{each.label}</option>);
