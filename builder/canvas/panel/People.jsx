// Groups and people who are asked, picked from those there are.
import { usePart } from "../view/useEditor.js";
import { Several, optionsOf } from "./Several.jsx";

/** @param {import("./Several.jsx").Picked} props */
export function People(props) {
  const people = usePart((state) => state.people);
  return (
    <Several {...props} known={people} icon={(one) => (one.group ? "users" : "user")} gone="No group and no person has this name." first="Choose a group or a person…" options={(left) => (
      <>
        {left.some((each) => each.group) && <optgroup label="Groups">{optionsOf(left.filter((each) => each.group))}</optgroup>}
        {left.some((each) => !each.group) && <optgroup label="People">{optionsOf(left.filter((each) => !each.group))}</optgroup>}
      </>
    )} />
  );
}
